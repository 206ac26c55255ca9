"""The audience of a topic: who would get an edition of it now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, true

from newsletter.domain.people import SubscriptionStatus
from newsletter.storage.schema import subscribers, subscriptions
from newsletter.storage.suppressed import is_suppressed_among_many


def audience_select(topic_id: int, segment: ColumnElement[bool] | None = None) -> Select[Any]:
    """The active, unsuppressed subscribers of a topic, in `segment`: id, language, format.

    A statement, so that the audience is counted and frozen by the database in one go, by one rule.
    In the order of `id` it costs no sorting: the subscriptions of a topic lie in that order.
    `segment` is a condition on them and on their subscription; None is everyone.
    """
    return (
        select(
            subscriptions.c.subscriber_id.label("id"), subscribers.c.language, subscribers.c.format
        )
        .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
        .where(
            subscriptions.c.topic_id == topic_id,
            subscriptions.c.status == SubscriptionStatus.ACTIVE,
            true() if segment is None else segment,  # first, being cheaper than the next
            ~is_suppressed_among_many(),
        )
    )


def count_by_language(
    connection: Connection,
    topic_id: int,
    languages: Sequence[str],
    segment: ColumnElement[bool] | None = None,
) -> dict[str, int]:
    """How many people of the audience would get mail in each of `languages`: their own, else the
    first. All of `languages` are there, and the sum is the audience."""
    people = audience_select(topic_id, segment).subquery()
    first, *others = languages
    # Filtered counts, for grouping would sort a million people first.
    counted = (func.count().filter(people.c.language == language) for language in others)
    everyone, *numbers = connection.execute(
        select(func.count(), *counted).select_from(people)
    ).one()
    return {first: everyone - sum(numbers)} | dict(zip(others, numbers, strict=True))
