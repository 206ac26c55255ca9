"""What is due on a real database: in which order it is handed over, to whom, and at what cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Select, select, update

from newsletter.app.edition_audience import EditionAudience
from newsletter.app.freezing import freeze_audience
from newsletter.dispatch import due_deliveries, ledger, senders
from newsletter.dispatch.due_deliveries import DueDeliveries
from newsletter.dispatch.ledger import Lease, PutOff
from newsletter.dispatch.ports import SMTP
from newsletter.dispatch.strands import Strands
from newsletter.domain.deliveries import DeliveryState
from newsletter.editions import store
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import deliveries
from tests.sending_rows import add_bulletin, add_edition, add_reader

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
READERS = 300
LEASE = Lease(sender_id=1, transport=SMTP)
WAITS = PutOff(LATER, "example.org", "Not tried yet: example.org takes nothing before 09:05 UTC.")


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    """An edition for 300 readers, of whom the last hundred read Welsh."""
    with writing(migrated_engine) as connection:
        add_bulletin(connection, NOW)
        add_edition(connection, NOW)
        for number in range(1, READERS + 1):
            add_reader(connection, NOW, number, "cy" if number > 200 else "en")
        assert senders.register(connection, "one.journal", NOW) == LEASE.sender_id
        edition = store.edition(connection, "2026-10")
        freeze_audience(connection, edition, EditionAudience(1, ("en", "cy"), None))
        yield connection


def _state(connection: Connection, delivery_id: int) -> Any:
    query = select(deliveries).where(deliveries.c.id == delivery_id)
    return connection.execute(query).one()


def test_all_languages_go_at_the_same_time_however_the_list_came_about(
    connection: Connection,
) -> None:
    """L8: the readers of one language, or of one import, stand together on a list."""
    due = DueDeliveries(1)

    batches = [ledger.claim(connection, due, NOW, 60, LEASE).claims for _ in range(5)]

    shares = [Counter(claim.language for claim in batch)["cy"] for batch in batches]
    assert [len(batch) for batch in batches] == [60] * 5
    assert sum(shares) == 100
    assert all(15 <= share <= 25 for share in shares), shares


def test_everyone_is_handed_over_once_in_whatever_portions_they_are_taken(
    connection: Connection,
) -> None:
    due = DueDeliveries(1)
    taken: list[int] = []

    for most in (1, 7, 100, 33, 2, 100, 100, 100):
        batch = ledger.claim(connection, due, NOW, most, LEASE)
        assert len(batch.claims) == min(most, READERS - len(taken))
        taken += [claim.delivery_id for claim in batch.claims]

    assert len(set(taken)) == READERS


def test_what_becomes_pending_again_is_due_wherever_it_stands(connection: Connection) -> None:
    due = DueDeliveries(1)
    first = ledger.claim(connection, due, NOW, 100, LEASE).claims
    ledger.release(connection, [claim.delivery_id for claim in first], LEASE.sender_id, NOW)

    left = [
        claim for _ in range(3) for claim in ledger.claim(connection, due, NOW, 100, LEASE).claims
    ]

    assert len({claim.delivery_id for claim in left}) == READERS


def test_what_waits_for_its_time_does_not_wait_for_all_that_were_never_tried_too(
    connection: Connection,
) -> None:
    """And the other way round."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.subscriber_id <= 150)
        .values(
            state=DeliveryState.DEFERRED,
            first_attempt_at=NOW - timedelta(hours=1),
            next_attempt_at=NOW,
        )
    )
    due = DueDeliveries(1, sender_id=1)

    batches = [ledger.claim(connection, due, NOW, 60, LEASE).claims for _ in range(5)]

    tried = [sum(claim.first_attempt_at is not None for claim in batch) for batch in batches]
    assert [len(batch) for batch in batches] == [60] * 5
    assert tried == [30] * 5


def test_a_sender_does_not_try_twice_what_another_may_try_at_once(connection: Connection) -> None:
    """However short the settings make the wait."""
    connection.execute(
        update(deliveries).values(
            state=DeliveryState.DEFERRED,
            first_attempt_at=NOW - timedelta(hours=1),
            next_attempt_at=NOW,
            sender_id=1,
        )
    )

    assert not DueDeliveries(1, sender_id=1).next(connection, NOW, 10)
    assert len(DueDeliveries(1, sender_id=2).next(connection, NOW, 10)) == 10


def test_what_was_tried_for_as_long_as_patience_lasts_is_not_tried_once_more(
    connection: Connection,
) -> None:
    """S5: its last wait ends when it is given up, sooner than any other wait."""
    connection.execute(
        update(deliveries).values(
            state=DeliveryState.DEFERRED,
            first_attempt_at=NOW - timedelta(hours=72),
            next_attempt_at=NOW,
        )
    )

    assert not DueDeliveries(1, 1, timedelta(hours=72)).next(connection, NOW, 10)
    assert DueDeliveries(1, 1, timedelta(hours=73)).next(connection, NOW, 10)


def test_what_is_put_off_was_not_tried_and_is_due_again_in_its_time_for_every_sender(
    connection: Connection,
) -> None:
    due = DueDeliveries(1, sender_id=1)
    (claim,) = ledger.claim(connection, due, NOW, 1, LEASE).claims

    ledger.put_off(connection, {claim.delivery_id: WAITS}, LEASE.sender_id, NOW)

    row = _state(connection, claim.delivery_id)
    assert (row.state, row.attempts, row.transport) == ("deferred", 0, None)
    assert (row.reply, row.receiver) == (WAITS.why, "example.org")
    ledger.claim(connection, due, NOW, READERS, LEASE)
    assert not due.next(connection, NOW, 1)
    assert [row.id for row in due.next(connection, LATER, 10)] == [claim.delivery_id]


def test_what_the_server_said_at_an_attempt_stands_when_the_next_one_is_put_off(
    connection: Connection,
) -> None:
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == 1)
        .values(state=DeliveryState.SENDING, sender_id=1, attempts=2, reply="421 not now")
    )

    ledger.put_off(connection, {1: WAITS}, LEASE.sender_id, NOW)

    row = _state(connection, 1)
    assert (row.state, row.attempts, row.reply) == ("deferred", 1, "421 not now")


def test_what_was_put_off_again_and_again_expires_like_all_that_is_deferred(
    connection: Connection,
) -> None:
    due = DueDeliveries(1)
    (claim,) = ledger.claim(connection, due, NOW, 1, LEASE).claims
    ledger.put_off(connection, {claim.delivery_id: WAITS}, LEASE.sender_id, NOW)
    ledger.claim(connection, due, LATER, READERS, LEASE)

    ledger.release(connection, [claim.delivery_id], LEASE.sender_id, LATER)

    row = _state(connection, claim.delivery_id)
    assert (row.state, row.first_attempt_at) == ("pending", NOW)


@pytest.mark.parametrize(
    "statement",
    [due_deliveries._pending(), due_deliveries._first_pending(), due_deliveries._deferred()],
    ids=["strands", "pending", "deferred"],
)
def test_a_claim_looks_at_its_own_rows_only(sqlite_engine: Engine, statement: Select[Any]) -> None:
    """However long the list: the index hands the rows over in order, and nothing is sorted but what
    was chosen."""
    values = {
        "edition": 1,
        "most": 10,
        "now": NOW,
        "since": NOW,
        "sender": 1,
        **Strands.between(1, 300).as_parameters(),
    }
    asked = statement.params(values)
    written = asked.compile(sqlite_engine, compile_kwargs={"literal_binds": True})

    with reading(sqlite_engine) as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}").all()

    steps = [row[3] for row in rows if "deliveries" in row[3]]
    assert steps
    assert all("ix_deliveries_edition_id_state_next_attempt_at_id" in step for step in steps)
    assert all("next_attempt_at" in step.partition(" (")[2] for step in steps)
