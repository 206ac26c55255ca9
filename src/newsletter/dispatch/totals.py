"""How many deliveries of an edition are in each state."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from newsletter.domain.deliveries import DeliveryState
from newsletter.storage.schema import deliveries


def counts(connection: Connection, edition_id: int) -> dict[DeliveryState, int]:
    """How many deliveries are in each state; every state is there. Their sum is the audience."""
    rows = connection.execute(
        select(deliveries.c.state, func.count())
        .where(deliveries.c.edition_id == edition_id)
        .group_by(deliveries.c.state)
    ).all()
    found = {row[0]: row[1] for row in rows}
    return {state: found.get(state, 0) for state in DeliveryState}


def is_open(connection: Connection, edition_id: int) -> bool:
    """Whether anything is still pending, sending or deferred."""
    states = counts(connection, edition_id)
    return any(
        states[state]
        for state in (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.DEFERRED)
    )
