"""The audit ledger."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from newsletter.storage import audit
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit as audit_table

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)


def record(engine: Engine, action: str, *, fails: bool = False) -> None:
    with writing(engine) as connection:
        audit.record(
            connection, actor="mair", action=action, subject="2026-10", detail="why", at=NOW
        )
        if fails:
            raise KeyError


def actions(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return [row.action for row in connection.execute(select(audit_table))]


def test_lines_are_added_in_order_and_whole(migrated_engine: Engine) -> None:
    """X15"""
    record(migrated_engine, "edition approve")
    record(migrated_engine, "edition schedule")

    with reading(migrated_engine) as connection:
        first, second = connection.execute(select(audit_table).order_by(audit_table.c.id)).all()
    assert first[1:] == (NOW, "mair", "edition approve", "2026-10", "why")
    assert second.action == "edition schedule"


def test_a_line_is_kept_only_with_what_it_tells_of(migrated_engine: Engine) -> None:
    with pytest.raises(KeyError):
        record(migrated_engine, "edition approve", fails=True)

    assert actions(migrated_engine) == []
