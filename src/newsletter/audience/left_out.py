"""Who is subscribed and is not mailed all the same."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, func, select, true

from newsletter.domain.people import SubscriptionStatus
from newsletter.storage.schema import subscribers, subscriptions
from newsletter.storage.suppressed import is_suppressed_among_many


def count_suppressed(
    connection: Connection, topic_id: int, segment: ColumnElement[bool] | None = None
) -> int:
    """How many active subscribers of the topic, in `segment` (None is everyone), are left out of
    the audience because their address, or its whole domain, is suppressed."""
    query = (
        select(func.count())
        .select_from(subscribers)
        .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        .where(
            subscriptions.c.topic_id == topic_id,
            subscriptions.c.status == SubscriptionStatus.ACTIVE,
            true() if segment is None else segment,
            is_suppressed_among_many(),
        )
    )
    number: int = connection.execute(query).scalar_one()
    return number
