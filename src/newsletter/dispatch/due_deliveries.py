"""Which deliveries are due, with what their messages need and what may speak against them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Subquery, and_, select

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
    for is_due in (
        deliveries.c.state == DeliveryState.PENDING,
        and_(
            deliveries.c.state == DeliveryState.DEFERRED,
            deliveries.c.next_attempt_at <= now,
        ),
    ):
        if len(rows) < most:
            rows += connection.execute(_chosen(edition_id, is_due, most - len(rows))).all()
    return rows


def no_longer_wanted(
    connection: Connection, delivery_ids: Collection[int]
) -> dict[int, SkipReason]:
    """Those of the deliveries whose people have left since, each with the reason (A7)."""
    of_people = _with_people(
        select(deliveries).where(deliveries.c.id.in_(delivery_ids)).subquery(), what_speaks=True
    )
    found = {row.id: reason_against(row) for row in connection.execute(of_people)}
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


def _chosen(edition_id: int, is_due: ColumnElement[bool], most: int) -> Select[Any]:
    chosen = (
        select(deliveries)
        .where(deliveries.c.edition_id == edition_id, is_due)
        .order_by(deliveries.c.id)  # as they were frozen: no language waits for another (L8)
        .limit(most)
        .subquery()
    )
    return _with_people(chosen, what_speaks=False).order_by(chosen.c.id)


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
