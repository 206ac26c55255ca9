"""How many deliveries of an edition are in each state."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, func, select

from newsletter.domain.deliveries import DeliveryState
from newsletter.storage.schema import deliveries, retired_deliveries


def counts(connection: Connection, edition_id: int) -> dict[DeliveryState, int]:
    """How many deliveries are in each state; every state is there. Their sum is the audience.

    Those whose rows retention has taken away are counted with the others (L6).
    """
    kept = (
        select(deliveries.c.state, func.count())
        .where(deliveries.c.edition_id == edition_id)
        .group_by(deliveries.c.state)
    )
    retired = select(retired_deliveries.c.state, retired_deliveries.c.number).where(
        retired_deliveries.c.edition_id == edition_id
    )
    found: Counter[str] = Counter()
    for query in (kept, retired):
        for state, number in connection.execute(query):
            found[state] += number
    return {state: found[state] for state in DeliveryState}


def counts_by_language(connection: Connection, edition_id: int) -> dict[str, int] | None:
    """How many deliveries are in each language, or None when rows have been taken away: of those
    only the state is known."""
    if has_retired(connection, edition_id):
        return None
    rows = connection.execute(
        select(deliveries.c.language, func.count())
        .where(deliveries.c.edition_id == edition_id)
        .group_by(deliveries.c.language)
    )
    return {row[0]: row[1] for row in rows}


def has_retired(connection: Connection, edition_id: int) -> bool:
    """Whether retention has taken any of the edition's rows away."""
    query = select(retired_deliveries.c.edition_id).where(
        retired_deliveries.c.edition_id == edition_id
    )
    return connection.execute(query.limit(1)).first() is not None


def is_open(connection: Connection, edition_id: int) -> bool:
    """Whether anything is still pending, sending or deferred."""
    states = counts(connection, edition_id)
    return any(
        states[state]
        for state in (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.DEFERRED)
    )
