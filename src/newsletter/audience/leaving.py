"""Leaving topics. Leaving never fails, never asks why, and may be said twice (T7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from newsletter.audience.consent_ledger import write_subscriptions
from newsletter.audience.grounds import Grounds
from newsletter.domain.people import Basis, SubscriptionStatus
from newsletter.storage.schema import subscriptions

# Made once: whoever leaves shall not wait for a statement to be made.
_ALL = select(subscriptions.c.topic_id, subscriptions.c.basis).where(
    subscriptions.c.subscriber_id == bindparam("person"),
    subscriptions.c.status != SubscriptionStatus.UNSUBSCRIBED,
)
_ONE = _ALL.where(subscriptions.c.topic_id == bindparam("topic"))


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
    who = {"person": subscriber_id, "topic": topic_id}
    rows = connection.execute(_ONE, who).all()
    return bool(_leave(connection, subscriber_id, rows, source=source, actor=actor, at=at))


def leave_all(
    connection: Connection, subscriber_id: int, *, source: str, actor: str, at: datetime
) -> int:
    """Unsubscribes the person from every topic; gives the number that changed."""
    rows = connection.execute(_ALL, {"person": subscriber_id}).all()
    return _leave(connection, subscriber_id, rows, source=source, actor=actor, at=at)


def _leave(
    connection: Connection,
    subscriber_id: int,
    rows: Sequence[Row[Any, Any]],
    *,
    source: str,
    actor: str,
    at: datetime,
) -> int:
    left = SubscriptionStatus.UNSUBSCRIBED
    for row in rows:
        grounds = Grounds(Basis(row.basis), source, None, actor, at)
        write_subscriptions(connection, [subscriber_id], row.topic_id, left, grounds)
    return len(rows)
