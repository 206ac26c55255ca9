"""Readers whose address is none are suppressed when that is recorded, on a real database (B3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from newsletter.dispatch.ledger import Lease
from newsletter.dispatch.patience import Patience
from newsletter.dispatch.ports import MAILDIR, SMTP
from newsletter.dispatch.recording import Told, record
from newsletter.dispatch.senders import register
from newsletter.domain.deliveries import DeliveryState as State
from newsletter.domain.deliveries import Outcome
from newsletter.domain.people import Suppression, SuppressionReason
from newsletter.storage.engine import writing
from newsletter.storage.schema import deliveries, imports, subscribers, suppressions
from newsletter.storage.suppressing import suppress_addresses
from tests.delivery_rows import BEFORE, IDS, NOW, add_deliveries_in_every_state, forget_person

PATIENCE = Patience(timedelta(minutes=30), expire_after=timedelta(hours=72))
DELIVERY = IDS[State.SENDING]
READER = f"reader{DELIVERY}@example.org"
NO_SUCH_USER = Outcome(State.FAILED, 550, "5.1.1", f"<{READER}>: No such user")


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        add_deliveries_in_every_state(connection)
        sender = register(connection, "one.journal", NOW)
        taken_on = update(deliveries).where(deliveries.c.id == DELIVERY)
        connection.execute(taken_on.values(sender_id=sender))
        yield connection


def _record(connection: Connection, outcome: Outcome, transport: str = SMTP) -> None:
    record(connection, [Told(DELIVERY, 2, outcome, NOW)], Lease(1, transport), PATIENCE)


def _suppressed(connection: Connection) -> list[tuple[str, str, str]]:
    rows = connection.execute(select(*suppressions.c["target", "reason", "evidence"]))
    return [(row.target, row.reason, row.evidence) for row in rows]


def test_whose_address_is_none_is_suppressed_with_the_edition_and_the_codes(
    connection: Connection,
) -> None:
    _record(connection, NO_SUCH_USER)

    assert _suppressed(connection) == [(READER, "hard-bounce", "edition 2026-11: 550 5.1.1")]


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(State.FAILED, 552, "5.2.2", "Mailbox full"),
        Outcome(State.FAILED, None, None, "No such user, say we"),
        Outcome(State.DEFERRED, 550, "5.7.1", "Not for us"),
        Outcome(State.DEFERRED, 450, "4.1.1", "No such user, yet"),
        Outcome(State.ACCEPTED, 250, "2.0.0", "Kept"),
        Outcome(State.UNKNOWN, None, None, "Lost"),
    ],
)
def test_nobody_is_suppressed_for_anything_else(connection: Connection, outcome: Outcome) -> None:
    """S4: least of all for a fault of ours."""
    _record(connection, outcome)

    assert _suppressed(connection) == []


def test_what_a_folder_says_suppresses_nobody(connection: Connection) -> None:
    _record(connection, NO_SUCH_USER, MAILDIR)

    assert _suppressed(connection) == []


def test_who_was_erased_meanwhile_leaves_no_address_behind(connection: Connection) -> None:
    forget_person(connection, State.SENDING)

    _record(connection, NO_SUCH_USER)

    assert _suppressed(connection) == []


@pytest.mark.parametrize(
    ("moved_to", "suppressed"),
    [(READER, [READER]), ("moved@example.com", []), ("moved@mail.example.org", [])],
)
def test_a_new_address_elsewhere_does_not_suffer_for_the_old_one(
    connection: Connection, moved_to: str, suppressed: list[str]
) -> None:
    """Whoever changes their address while a message is on its way does so for a reason."""
    moved = update(subscribers).where(subscribers.c.canonical == READER)
    connection.execute(moved.values(address=moved_to, canonical=moved_to))
    told = Told(DELIVERY, 2, NO_SUCH_USER, NOW, receiver="example.org")

    record(connection, [told], Lease(1, SMTP), PATIENCE)

    assert [target for target, *_ in _suppressed(connection)] == suppressed


@pytest.mark.parametrize(
    "reason", [one for one in SuppressionReason if one is not SuppressionReason.IMPORTED]
)
def test_what_was_known_of_an_address_first_stays(
    connection: Connection, reason: SuppressionReason
) -> None:
    suppress_addresses(connection, [Suppression(READER, reason, "as it was", BEFORE)])

    _record(connection, NO_SUCH_USER)

    assert _suppressed(connection) == [(READER, reason, "as it was")]


def test_what_only_an_import_had_said_gives_way_and_outlives_that_import(
    connection: Connection,
) -> None:
    told = {"file": "list.csv", "fingerprint": "", "actor": "", "at": BEFORE}
    none = dict.fromkeys(["added", "updated", "unchanged", "skipped", "rejected"], 0)
    connection.execute(insert(imports).values(id=1, **told, **none))
    brought = {"target": READER, "reason": "imported", "evidence": "list.csv", "at": BEFORE}
    connection.execute(insert(suppressions).values(**brought, import_id=1))

    _record(connection, NO_SUCH_USER)

    row = connection.execute(select(suppressions)).one()
    assert (row.reason, row.import_id, row.at) == ("hard-bounce", None, BEFORE)
    assert row.evidence == "list.csv; edition 2026-11: 550 5.1.1"
