"""Delivery rows whose time is over: counted into a total for each edition, then deleted (L6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, select

from newsletter.domain.editions import EditionState
from newsletter.storage.schema import deliveries, delivery_attempts, editions, retired_deliveries
from newsletter.storage.upserts import upsert

_FINISHED = (EditionState.COMPLETE, EditionState.CANCELLED)


def old_editions(connection: Connection, before: datetime) -> list[int]:
    """The finished editions with rows of which none has changed since `before`, the oldest first.

    An edition's rows go together: until then somebody may still ask what became of one of them.
    Each has changed since the freeze, or the edition would not be finished.
    """
    of_edition = deliveries.c.edition_id == editions.c.id
    query = (
        select(editions.c.id)
        .where(
            editions.c.state.in_(_FINISHED),
            editions.c.created_at < before,  # spares looking through the rows of younger ones
            exists().where(of_edition),
            ~exists().where(of_edition, deliveries.c.updated_at >= before),
        )
        .order_by(editions.c.id)
    )
    return list(connection.execute(query).scalars())


def span(
    connection: Connection, edition_ids: Sequence[int]
) -> tuple[int, datetime | None, datetime | None]:
    """How many rows these editions have, and when the first and the last of them changed."""
    changed = deliveries.c.updated_at
    query = select(func.count(), func.min(changed), func.max(changed))
    row = connection.execute(query.where(deliveries.c.edition_id.in_(edition_ids))).one()
    return row[0], row[1], row[2]


def retire_slice(connection: Connection, edition_id: int, most: int) -> int:
    """Counts up to `most` of the edition's rows into its totals and deletes them; gives their
    number, 0 when none is left."""
    query = (
        select(deliveries.c.id, deliveries.c.state, deliveries.c.reason, deliveries.c.language)
        .where(deliveries.c.edition_id == edition_id)
        .limit(most)
    )
    rows = connection.execute(query).all()
    totals = Counter((row.state, row.reason or "", row.language) for row in rows)
    for key, number in totals.items():
        _add(connection, edition_id, key, number)
    ids = [row.id for row in rows]
    connection.execute(delete(delivery_attempts).where(delivery_attempts.c.delivery_id.in_(ids)))
    connection.execute(delete(deliveries).where(deliveries.c.id.in_(ids)))
    return len(rows)


def _add(connection: Connection, edition_id: int, key: tuple[str, str, str], number: int) -> None:
    state, reason, language = key
    row = upsert(connection, retired_deliveries).values(
        edition_id=edition_id, state=state, reason=reason, language=language, number=number
    )
    connection.execute(
        row.on_conflict_do_update(
            index_elements=["edition_id", "state", "reason", "language"],
            set_={"number": retired_deliveries.c.number + row.excluded.number},
        )
    )
