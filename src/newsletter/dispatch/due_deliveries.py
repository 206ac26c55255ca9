"""Which deliveries are due, with what their messages need and what may speak against them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, select

from newsletter.domain.deliveries import DeliveryState
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


def _chosen(edition_id: int, is_due: ColumnElement[bool], most: int) -> Select[Any]:
    chosen = (
        select(deliveries)
        .where(deliveries.c.edition_id == edition_id, is_due)
        .order_by(deliveries.c.id)  # as they were frozen: no language waits for another (L8)
        .limit(most)
        .subquery()
    )
    return (
        select(
            chosen.c.id,
            chosen.c.attempts,
            chosen.c.language,
            chosen.c.variant,
            chosen.c.format,
            subscribers.c.handle,
            subscribers.c.address,
            subscribers.c.name,
            subscribers.c.attributes,
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
        .order_by(chosen.c.id)
    )
