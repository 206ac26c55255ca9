"""Deliveries of editions to receivers, as they stand in the database when somebody asks for a
report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, update

from newsletter.domain.deliveries import DeliveryState as State
from newsletter.storage.schema import deliveries, delivery_attempts, editions, suppressions
from tests.sending_rows import add_bulletin, add_edition, add_reader

SENT = datetime(2026, 10, 5, 9, tzinfo=UTC)
NOW = SENT + timedelta(days=2)
BIG, SMALL = "big.example", "small.example"
EDITION = 1
SMTP = "smtp"


def add_sent_edition(connection: Connection, number: int = EDITION, at: datetime = SENT) -> None:
    """Adds an edition of which something was attempted then; the bulletin with the first one."""
    if number == EDITION:
        add_bulletin(connection, at)
    add_edition(connection, at, number, slug=f"edition-{number}")
    sent = {"attempted_at": at}
    connection.execute(update(editions).where(editions.c.id == number).values(**sent))


def add_readers(connection: Connection, number: int) -> None:
    """Adds reader1@example.org and so on."""
    for each in range(1, number + 1):
        add_reader(connection, SENT, each)


def add_delivery(
    connection: Connection,
    person: int | None,
    state: State,
    receiver: str | None = BIG,
    *,
    edition: int = EDITION,
    **values: Any,
) -> int:
    """Adds the edition's delivery to that reader, tried once by SMTP unless `values` say more;
    gives its id."""
    row = _delivery(edition, state, receiver) | {"subscriber_id": person} | values
    added = connection.execute(insert(deliveries).values(**row))
    return int(added.inserted_primary_key[0])


def add_accepted(connection: Connection, number: int, receiver: str = BIG) -> None:
    """Adds so many deliveries that were accepted, without the readers that they were for."""
    row = _delivery(EDITION, State.ACCEPTED, receiver)
    connection.execute(insert(deliveries), [row] * number)


def _delivery(edition: int, state: State, receiver: str | None) -> dict[str, Any]:
    return {
        "edition_id": edition,
        "language": "en",
        "format": "html",
        "variant": "",
        "state": state,
        "attempts": 1,
        "first_attempt_at": SENT,
        "transport": SMTP,
        "receiver": receiver,
        "updated_at": SENT,
    }


def add_attempt(
    connection: Connection, delivery: int, number: int, state: State, relay: str
) -> None:
    """Adds one attempt at it, by that relay."""
    row = {"delivery_id": delivery, "number": number, "at": SENT, "state": state, "relay": relay}
    connection.execute(insert(delivery_attempts).values(**row, transport=SMTP))


def add_complaint(connection: Connection, person: int, at: datetime) -> None:
    """Suppresses that reader because they complained then."""
    row = {"target": f"reader{person}@example.org", "reason": "complaint", "evidence": "", "at": at}
    connection.execute(insert(suppressions).values(**row))
