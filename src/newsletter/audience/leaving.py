"""Leaving topics. Leaving never fails, never asks why, and may be said twice (T7)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from newsletter.audience.consent_ledger import write_subscriptions
from newsletter.audience.grounds import Grounds
from newsletter.domain.people import Basis, SubscriptionStatus
from newsletter.storage.schema import subscriptions


def leave(
    connection: Connection,
    subscriber_id: int,
    topic_id: int,
    *,
    source: str,
    actor: str,
    at: datetime,
) -> bool:
    """Unsubscribes the person from one topic and from no other (T8).

    Gives whether that changed anything: somebody who has left already, or never had the topic,
    stays as they are and gets no second line in the ledger.
    """
    chosen = subscriptions.c.topic_id == topic_id
    return bool(_leave(connection, subscriber_id, chosen, source=source, actor=actor, at=at))


def leave_all(
    connection: Connection, subscriber_id: int, *, source: str, actor: str, at: datetime
) -> int:
    """Unsubscribes the person from every topic; gives the number that changed."""
    return _leave(
        connection,
        subscriber_id,
        subscriptions.c.topic_id.is_not(None),
        source=source,
        actor=actor,
        at=at,
    )


def _leave(
    connection: Connection,
    subscriber_id: int,
    chosen: ColumnElement[bool],
    *,
    source: str,
    actor: str,
    at: datetime,
) -> int:
    left = SubscriptionStatus.UNSUBSCRIBED
    query = select(subscriptions.c.topic_id, subscriptions.c.basis).where(
        subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.status != left, chosen
    )
    rows = connection.execute(query).all()
    for row in rows:
        grounds = Grounds(Basis(row.basis), source, None, actor, at)
        write_subscriptions(connection, [subscriber_id], row.topic_id, left, grounds)
    return len(rows)
