"""Why people left, if they cared to say so afterwards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, select

from newsletter.domain.people import SubscriptionStatus
from newsletter.domain.requests import LeavingReason
from newsletter.storage.schema import leaving_reasons, subscriptions
from newsletter.storage.upserts import upsert


def give_reason(
    connection: Connection,
    subscriber_id: int,
    topic_id: int,
    reason: LeavingReason,
    *,
    at: datetime,
) -> bool:
    """Notes why the person left the topic, instead of what they said before; gives whether it was
    noted: of somebody who has not left there is nothing to ask."""
    if not _has_left(connection, subscriber_id, topic_id):
        return False
    row = upsert(connection, leaving_reasons).values(
        subscriber_id=subscriber_id, topic_id=topic_id, reason=reason.value, at=at
    )
    connection.execute(
        row.on_conflict_do_update(
            index_elements=["subscriber_id", "topic_id"],
            set_={name: row.excluded[name] for name in ("reason", "at")},
        )
    )
    return True


def forget_reasons(connection: Connection, subscriber_id: int, topic_ids: Collection[int]) -> None:
    """Takes away why the person left these topics: they are back."""
    connection.execute(
        delete(leaving_reasons).where(
            leaving_reasons.c.subscriber_id == subscriber_id,
            leaving_reasons.c.topic_id.in_(topic_ids),
        )
    )


def count_reasons(connection: Connection, topic_id: int) -> Mapping[LeavingReason, int]:
    """How many people gave each reason for leaving the topic; 0 for one that nobody gave."""
    reason = leaving_reasons.c.reason
    rows = connection.execute(
        select(reason, func.count().label("number"))
        .where(leaving_reasons.c.topic_id == topic_id)
        .group_by(reason)
    )
    found = {row.reason: row.number for row in rows}
    return {one: found.get(one.value, 0) for one in LeavingReason}


def _has_left(connection: Connection, subscriber_id: int, topic_id: int) -> bool:
    left = exists().where(
        subscriptions.c.subscriber_id == subscriber_id,
        subscriptions.c.topic_id == topic_id,
        subscriptions.c.status == SubscriptionStatus.UNSUBSCRIBED.value,
    )
    return bool(connection.execute(select(left)).scalar())
