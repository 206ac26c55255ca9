"""Links to somebody's preferences that are made void: what every database must do alike."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine, select

from newsletter.audience import link_epochs
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit, subscribers
from tests.sending_rows import add_bulletin, add_reader

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)


def test_the_epoch_counts_up_for_that_person_alone_and_is_on_the_record(
    migrated_engine: Engine,
) -> None:
    """T4."""
    with writing(migrated_engine) as connection:
        add_bulletin(connection, NOW)
        add_reader(connection, NOW, 1)
        add_reader(connection, NOW, 2)
        given = [link_epochs.void_links(connection, 1, at=NOW) for _ in range(2)]

    with reading(migrated_engine) as connection:
        columns = subscribers.c["id", "epoch"]
        epochs = {row.id: row.epoch for row in connection.execute(select(*columns))}
        lines = connection.execute(select(audit)).all()
    assert given == [1, 2]
    assert epochs == {1: 2, 2: 0}
    assert {(one.actor, one.action, one.subject) for one in lines} == {
        ("reader", "reader voids links", "one person")
    }
    assert len(lines) == 2
