"""Rows of an edition's deliveries, one in each state, written as they stand in the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, update

from newsletter.domain.deliveries import DeliveryState
from newsletter.storage.schema import deliveries
from tests.sending_rows import add_bulletin, add_edition, add_reader

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
BEFORE = NOW - timedelta(hours=2)
EDITION, OTHER = 1, 2
IDS: Mapping[DeliveryState, int] = {
    state: number for number, state in enumerate(DeliveryState, start=1)
}
"""The edition's delivery in each state; those of the other edition have 100 more."""


def add_deliveries_in_every_state(connection: Connection) -> None:
    """Adds two editions, each with one delivery in each state, to the same people."""
    add_bulletin(connection, BEFORE)
    for number in IDS.values():
        add_reader(connection, BEFORE, number)
    for edition in (EDITION, OTHER):
        add_edition(connection, BEFORE, edition, slug=f"2026-1{edition}")
        for state, number in IDS.items():
            _add_delivery(connection, edition, number, state)


def forget_person(connection: Connection, state: DeliveryState) -> None:
    """Blanks the person of the edition's delivery in this state, as erasing them does."""
    connection.execute(
        update(deliveries).where(deliveries.c.id == IDS[state]).values(subscriber_id=None)
    )


def _add_delivery(connection: Connection, edition: int, number: int, state: DeliveryState) -> None:
    connection.execute(
        insert(deliveries).values(
            id=number + 100 * (edition - 1),
            edition_id=edition,
            subscriber_id=number,
            language="en",
            format="html",
            variant="",
            state=state,
            attempts=2,
            first_attempt_at=BEFORE,
            next_attempt_at=NOW if state is DeliveryState.DEFERRED else None,
            reply="as it happened",
            updated_at=BEFORE,
        )
    )
