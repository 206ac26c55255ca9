"""Which deliveries are due, with what their messages need and what may speak against them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, Subquery, and_, bindparam, select

from newsletter.domain.deliveries import DeliveryState, SkipReason
from newsletter.domain.people import SubscriptionStatus
from newsletter.storage.schema import deliveries, editions, subscribers, subscriptions
from newsletter.storage.suppressed import is_suppressed


def due_deliveries(
    connection: Connection, edition_id: int, now: datetime, most: int
) -> list[Row[Any]]:
    """Up to `most` deliveries that could be attempted, never tried ones first: each with its
    person, their subscription's `status`, None when there is none, and `is_suppressed`.

    Each state by itself: so the index hands over the rows in order, however long the list.
    """
    rows: list[Row[Any]] = []
    for state in (DeliveryState.PENDING, DeliveryState.DEFERRED):
        if len(rows) < most:
            values = {"edition": edition_id, "now": now, "most": most - len(rows)}
            rows += connection.execute(_due(state), values).all()
    return rows


def no_longer_wanted(
    connection: Connection, delivery_ids: Collection[int]
) -> dict[int, SkipReason]:
    """Those of the deliveries whose people have left since, each with the reason (A7)."""
    rows = connection.execute(_of_ids(), {"ids": list(delivery_ids)})
    found = {row.id: reason_against(row) for row in rows}
    # Who is not found has been erased.
    wanted = {
        delivery_id: found.get(delivery_id, SkipReason.ERASED) for delivery_id in delivery_ids
    }
    return {delivery_id: reason for delivery_id, reason in wanted.items() if reason is not None}


def reason_against(row: Row[Any]) -> SkipReason | None:
    """Why the delivery of this row must not be attempted; None when nothing speaks against it."""
    if row.is_suppressed:
        return SkipReason.SUPPRESSED
    if row.status == SubscriptionStatus.ACTIVE:
        return None
    return SkipReason.PAUSED if row.status == SubscriptionStatus.PAUSED else SkipReason.UNSUBSCRIBED


# Statements are made once: what SQLAlchemy does for a new one takes longer than the database.


@cache
def _due(state: DeliveryState) -> Select[Any]:
    chosen = select(deliveries).where(
        deliveries.c.edition_id == bindparam("edition"), deliveries.c.state == state
    )
    if state is DeliveryState.DEFERRED:
        chosen = chosen.where(deliveries.c.next_attempt_at <= bindparam("now"))
    # As they were frozen: no language waits for another (L8).
    in_order = chosen.order_by(deliveries.c.id).limit(bindparam("most", type_=Integer)).subquery()
    return _with_people(in_order, what_speaks=False).order_by(in_order.c.id)


@cache
def _of_ids() -> Select[Any]:
    chosen = select(deliveries).where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
    return _with_people(chosen.subquery(), what_speaks=True)


def _with_people(chosen: Subquery, *, what_speaks: bool) -> Select[Any]:
    """The rows with what speaks against them; with all that a message needs unless that is all
    that is asked."""
    message = [
        chosen.c.attempts,
        chosen.c.language,
        chosen.c.variant,
        chosen.c.format,
        subscribers.c.handle,
        subscribers.c.address,
        subscribers.c.name,
        subscribers.c.attributes,
    ]
    return (
        select(
            chosen.c.id,
            *([] if what_speaks else message),
            subscriptions.c.status,
            is_suppressed().label("is_suppressed"),
        )
        .select_from(chosen)
        .join(editions, editions.c.id == chosen.c.edition_id)
        .join(subscribers, subscribers.c.id == chosen.c.subscriber_id)
        .outerjoin(
            subscriptions,
            and_(
                subscriptions.c.subscriber_id == subscribers.c.id,
                subscriptions.c.topic_id == editions.c.topic_id,
            ),
        )
    )
