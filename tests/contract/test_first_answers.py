"""Where an edition stands among its first answers, on a real database (B7)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, update

from newsletter.dispatch.hard_bounces import standing
from newsletter.domain.deliveries import DeliveryState as State
from newsletter.storage.engine import writing
from newsletter.storage.schema import deliveries
from tests.delivery_rows import EDITION, IDS, add_deliveries_in_every_state


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        add_deliveries_in_every_state(connection)
        yield connection


@pytest.mark.parametrize(
    ("code", "enhanced", "reply", "hard"),
    [
        (550, "5.1.1", "No such user", 1),
        (550, None, "user unknown", 1),
        (552, "5.2.2", "Mailbox full", 0),
        (550, "5.1.1", None, 1),  # blanked when the person was erased
        (None, None, "No such user, say we", 0),
    ],
)
def test_answers_are_counted_and_those_that_are_hard(
    connection: Connection, code: int | None, enhanced: str | None, reply: str | None, hard: int
) -> None:
    answer = {"code": code, "enhanced": enhanced, "reply": reply}
    connection.execute(
        update(deliveries).where(deliveries.c.id == IDS[State.FAILED]).values(**answer)
    )

    assert standing(connection, EDITION) == (2, hard, len(IDS))
