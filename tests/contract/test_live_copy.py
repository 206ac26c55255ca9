"""Which copy of a database may send, on either kind of database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, select

from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.engine import reading, writing
from newsletter.storage.live_copy import CopyState, LiveCopy
from newsletter.storage.schema import audit, live_copy

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def of(engine: Engine, journals: Path) -> LiveCopy:
    """The live copy of a database, whichever kind it is."""
    is_file = engine.dialect.name == "sqlite"
    file = Path(str(engine.url.database)) if is_file else None
    return LiveCopy(engine, file, journals, lambda: NOW)


@pytest.fixture
def copy(migrated_engine: Engine, tmp_path: Path) -> LiveCopy:
    return of(migrated_engine, tmp_path / "journals")


def say(connection: Connection) -> None:
    """Leaves a trace of the transaction."""
    connection.execute(
        insert(audit).values(at=NOW, actor="Elin", action="test", subject="", detail="")
    )


def traces(engine: Engine) -> int:
    with reading(engine) as connection:
        return len(connection.execute(select(audit)).all())


def bind_elsewhere(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(live_copy.update().values(identity="another one"))


def test_a_new_database_is_bound_once_and_live(copy: LiveCopy) -> None:
    before = copy.standing

    copy.require_live()
    copy.bind()

    assert (before.state, before.bound_to) == (CopyState.UNBOUND, None)
    assert copy.standing.state is CopyState.LIVE


def test_what_is_done_at_once_with_the_counter_is_kept(
    copy: LiveCopy, migrated_engine: Engine
) -> None:
    copy.count_sender(say)

    assert traces(migrated_engine) == 1
    assert copy.standing.is_live


def test_on_a_copy_nothing_is_done(copy: LiveCopy, migrated_engine: Engine) -> None:
    copy.bind()
    bind_elsewhere(migrated_engine)

    with pytest.raises(SurroundingsFailed, match="the live one is another one"):
        copy.count_sender(say)
    with pytest.raises(SurroundingsFailed, match="the live one is another one"):
        copy.require_live()

    assert traces(migrated_engine) == 0
    assert copy.standing.state is CopyState.ELSEWHERE


def test_a_copy_that_is_bound_anew_is_live_with_what_was_done_at_once(
    copy: LiveCopy, migrated_engine: Engine
) -> None:
    copy.bind()
    bind_elsewhere(migrated_engine)

    copy.rebind(say)

    assert traces(migrated_engine) == 1
    assert copy.standing.state is CopyState.LIVE
    copy.require_live()
