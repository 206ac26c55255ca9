"""Deliveries that wait until a fault of ours is mended, on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, select, update

from newsletter.dispatch.waiting_for_us import hurry, refusals_of_us
from newsletter.domain.deliveries import DeliveryState as State
from newsletter.storage.engine import writing
from newsletter.storage.schema import deliveries
from tests.delivery_rows import EDITION, IDS, NOW, OTHER, add_deliveries_in_every_state

LATER = NOW + timedelta(hours=4)
DELIVERY = IDS[State.DEFERRED]
OF_THE_OTHER = 100 + DELIVERY


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        add_deliveries_in_every_state(connection)
        yield connection


def _defer(connection: Connection, code: int | None, enhanced: str | None, reply: str) -> None:
    """Lets both editions' deferred deliveries wait for hours after this answer."""
    values = {"code": code, "enhanced": enhanced, "reply": reply, "next_attempt_at": LATER}
    is_deferred = deliveries.c.state == State.DEFERRED
    connection.execute(update(deliveries).where(is_deferred).values(**values))


def _next_attempt(connection: Connection, delivery_id: int) -> datetime:
    query = select(deliveries.c.next_attempt_at).where(deliveries.c.id == delivery_id)
    at: datetime = connection.execute(query).scalar_one()
    return at


@pytest.mark.parametrize(
    ("code", "enhanced", "reply"),
    [
        (550, "5.7.515", "Access denied"),
        (550, None, "This sender is not welcome"),  # at MAIL
        (451, "4.7.0", "Your reputation is low"),
    ],
)
def test_what_waits_for_a_fault_of_ours_is_due_at_once_in_its_own_edition(
    connection: Connection, code: int, enhanced: str | None, reply: str
) -> None:
    _defer(connection, code, enhanced, reply)

    assert hurry(connection, EDITION, NOW) == 1

    assert _next_attempt(connection, DELIVERY) == NOW
    assert _next_attempt(connection, OF_THE_OTHER) == LATER


@pytest.mark.parametrize(
    ("code", "enhanced", "reply"),
    [
        (451, "4.7.1", "Greylisted, come back in a while"),
        (421, "4.7.28", "An unusual rate"),
        (450, "4.2.0", "Not now"),
        (None, None, "The connection was lost"),
    ],
)
def test_what_waits_for_another_reason_keeps_its_time(
    connection: Connection, code: int | None, enhanced: str | None, reply: str
) -> None:
    _defer(connection, code, enhanced, reply)

    assert hurry(connection, EDITION, NOW) == 0

    assert _next_attempt(connection, DELIVERY) == LATER


def test_what_was_put_off_and_never_tried_is_due_at_once(connection: Connection) -> None:
    _defer(connection, None, None, "Its receiver is closed.")
    is_it = deliveries.c.id == DELIVERY
    connection.execute(update(deliveries).where(is_it).values(attempts=0))

    assert hurry(connection, EDITION, NOW) == 1

    assert _next_attempt(connection, DELIVERY) == NOW


def test_the_codes_of_what_waits_are_counted_the_most_first(connection: Connection) -> None:
    waiting = {"state": State.DEFERRED, "code": 550, "enhanced": "5.7.515"}
    of_edition = deliveries.c.edition_id == EDITION
    connection.execute(update(deliveries).where(of_edition).values(**waiting))
    for state, answer in {State.UNKNOWN: (530, None), State.FAILED: (450, "4.2.0")}.items():
        is_it = deliveries.c.id == IDS[state]
        values = dict(zip(("code", "enhanced"), answer, strict=True))
        connection.execute(update(deliveries).where(is_it).values(**values))

    assert list(refusals_of_us(connection, EDITION).items()) == [("550 5.7.515", 5), ("530", 1)]
    assert refusals_of_us(connection, OTHER) == {}
