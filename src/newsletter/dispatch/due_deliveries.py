"""Which deliveries are due, with what their messages need and what may speak against them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, Subquery, and_, bindparam, select

from newsletter.domain.deliveries import DeliveryState, SkipReason
from newsletter.domain.errors import SurroundingsFailed
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


class NoLongerOurs(SurroundingsFailed):
    """Deliveries that a sender had taken on are not its any more: somebody took it for dead."""


def no_longer_wanted(
    connection: Connection, delivery_ids: Collection[int], sender_id: int
) -> dict[int, SkipReason]:
    """Those of the deliveries that the sender has taken on whose people have left since, each with
    the reason (A7).

    Raises NoLongerOurs when one of them is not the sender's any more.
    """
    values = {"ids": list(delivery_ids), "sender": sender_id}
    rows = connection.execute(_taken_on(), values).all()
    if len(rows) < len(delivery_ids):
        raise NoLongerOurs(
            "somebody else has decided about deliveries that this sender had taken on",
            cure="See how the edition stands with `newsletter send status`; then run it again.",
        )
    return {row.id: reason for row in rows if (reason := reason_against(row)) is not None}


def reason_against(row: Row[Any]) -> SkipReason | None:
    """Why the delivery of this row must not be attempted; None when nothing speaks against it."""
    if row.subscriber_id is None:
        return SkipReason.ERASED
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
    message = [
        *in_order.c["attempts", "language", "variant", "format", "first_attempt_at"],
        *subscribers.c["handle", "address", "canonical", "name", "attributes"],
    ]
    return _with_what_speaks(in_order).add_columns(*message).order_by(in_order.c.id)


@cache
def _taken_on() -> Select[Any]:
    chosen = select(deliveries).where(
        deliveries.c.id.in_(bindparam("ids", expanding=True)),
        deliveries.c.state == DeliveryState.SENDING,
        deliveries.c.sender_id == bindparam("sender"),
    )
    return _with_what_speaks(chosen.subquery())


def _with_what_speaks(chosen: Subquery) -> Select[Any]:
    """The rows, each with what may speak against it."""
    return (
        select(
            *chosen.c["id", "subscriber_id"],
            subscriptions.c.status,
            is_suppressed().label("is_suppressed"),
        )
        .select_from(chosen)
        .join(editions, editions.c.id == chosen.c.edition_id)
        .outerjoin(subscribers, subscribers.c.id == chosen.c.subscriber_id)
        .outerjoin(
            subscriptions,
            and_(
                subscriptions.c.subscriber_id == subscribers.c.id,
                subscriptions.c.topic_id == editions.c.topic_id,
            ),
        )
    )
