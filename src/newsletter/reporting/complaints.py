"""Complaints: which mail they are of, and at which receivers (A6).

A person complains of the newest edition that was accepted for them before, unless that was longer
ago than thirty days: so each complaint counts once, for the mail that most probably caused it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from typing import Any, TypeAlias

from sqlalchemy import Connection, Select, func, select

from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.people import SuppressionReason
from newsletter.storage.schema import deliveries, editions, subscribers, suppressions

WITHIN = timedelta(days=30)
"""For how long after it was accepted a mail is complained of."""

Place: TypeAlias = "tuple[int, str | None]"
"""The id of an edition, and a receiver; None where nobody noted which it was."""


def complaints(
    connection: Connection, edition_ids: Collection[int], transport: str
) -> Counter[Place]:
    """How many people complained of each of these editions, by receiver.

    Only of mail that this transport took: nobody complains of what lies in the outbox. Of somebody
    erased since, nobody knows it any more.
    """
    return Counter(
        (row.edition_id, row.receiver)
        for row in connection.execute(_complained_of(edition_ids, transport))
        if row.edition_id in edition_ids and row.at - row.accepted_at <= WITHIN
    )


def _complained_of(edition_ids: Collection[int], transport: str) -> Select[Any]:
    """Each person's complaint, with the newest delivery that was accepted for them before it."""
    since = select(func.min(editions.c.created_at)).where(editions.c.id.in_(edition_ids))
    newest_first = func.row_number().over(
        partition_by=deliveries.c.subscriber_id,
        order_by=(deliveries.c.updated_at.desc(), deliveries.c.id.desc()),
    )
    mails = (
        select(
            *deliveries.c["edition_id", "receiver"],
            deliveries.c.updated_at.label("accepted_at"),
            suppressions.c.at,
            newest_first.label("place"),
        )
        .select_from(suppressions)
        .join(subscribers, subscribers.c.canonical == suppressions.c.target)
        .join(deliveries, deliveries.c.subscriber_id == subscribers.c.id)
        .where(
            suppressions.c.reason == SuppressionReason.COMPLAINT,
            suppressions.c.at >= since.scalar_subquery(),
            deliveries.c.state == DeliveryState.ACCEPTED,
            deliveries.c.transport == transport,
            deliveries.c.updated_at <= suppressions.c.at,
        )
        .subquery()
    )
    return select(mails).where(mails.c.place == 1)
