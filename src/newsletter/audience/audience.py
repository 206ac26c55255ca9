"""The audience of a topic: who would get an edition of it now."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from newsletter.domain.people import SubscriptionStatus
from newsletter.storage.schema import subscribers, subscriptions
from newsletter.storage.suppressed import is_suppressed


def audience_select(topic_id: int) -> Select[Any]:
    """The active, unsuppressed subscribers of a topic: id, language, format.

    A statement, so that the audience is counted and frozen by the database in one go, by one rule.
    """
    return (
        select(subscribers.c.id, subscribers.c.language, subscribers.c.format)
        .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        .where(
            subscriptions.c.topic_id == topic_id,
            subscriptions.c.status == SubscriptionStatus.ACTIVE,
            ~is_suppressed(),
        )
    )
