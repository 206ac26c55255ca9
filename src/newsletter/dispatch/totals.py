"""How many deliveries of an edition are in each state, and in each language."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, func, select

from newsletter.domain.deliveries import DeliveryState
from newsletter.storage.schema import deliveries, retired_deliveries


def counts(connection: Connection, edition_id: int) -> dict[DeliveryState, int]:
    """How many deliveries are in each state; every state is there. Their sum is the audience.

    Those whose rows retention has taken away are counted with the others (L6).
    """
    found = _counted(connection, edition_id, "state")
    return {state: found[state] for state in DeliveryState}


def counts_by_language(connection: Connection, edition_id: int) -> dict[str, int]:
    """How many deliveries are in each language, those taken away by retention included."""
    return dict(_counted(connection, edition_id, "language"))


def _counted(connection: Connection, edition_id: int, column: str) -> Counter[str]:
    kept = (
        select(deliveries.c[column], func.count())
        .where(deliveries.c.edition_id == edition_id)
        .group_by(deliveries.c[column])
    )
    retired = select(retired_deliveries.c[column], retired_deliveries.c.number).where(
        retired_deliveries.c.edition_id == edition_id
    )
    found: Counter[str] = Counter()
    for query in (kept, retired):
        for value, number in connection.execute(query):
            found[value] += number
    return found


def has_retired(connection: Connection, edition_id: int) -> bool:
    """Whether retention has taken any of the edition's rows away."""
    query = select(retired_deliveries.c.edition_id).where(
        retired_deliveries.c.edition_id == edition_id
    )
    return connection.execute(query.limit(1)).first() is not None


_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.DEFERRED)


def is_open(connection: Connection, edition_id: int) -> bool:
    """Whether anything is still pending, sending or deferred."""
    return any(has_any(connection, edition_id, state) for state in _OPEN)


def has_any(connection: Connection, edition_id: int, state: DeliveryState) -> bool:
    """Whether any delivery is in this state, which the index knows without counting. Of those that
    retention has taken away none is asked: they were at an end."""
    query = select(deliveries.c.id).where(
        deliveries.c.edition_id == edition_id, deliveries.c.state == state
    )
    return connection.execute(query.limit(1)).first() is not None
