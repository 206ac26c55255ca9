"""What is known of the people of a slice, read at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BindParameter, Connection, bindparam, select

from newsletter.audience.judging import Card, Known
from newsletter.domain.people import MailFormat, SubscriptionStatus
from newsletter.storage.schema import subscribers, subscriptions

_CANONICALS: BindParameter[str] = bindparam("canonicals", expanding=True)
# Made once: to make a statement takes as long as to run it.
_PEOPLE = select(
    subscribers.c.canonical,
    subscribers.c.id,
    subscribers.c.name,
    subscribers.c.language,
    subscribers.c.format,
    subscribers.c.attributes,
).where(subscribers.c.canonical.in_(_CANONICALS))


def known_among(connection: Connection, canonicals: Sequence[str]) -> dict[str, Known]:
    """Which of these people have a row, by canonical address."""
    found = connection.execute(_PEOPLE, {"canonicals": canonicals}).all()
    statuses = _statuses_of(connection, [row.id for row in found]) if found else {}
    return {
        row.canonical: Known(
            row.id,
            Card(row.name, row.language, MailFormat(row.format), row.attributes),
            statuses.get(row.id, {}),
        )
        for row in found
    }


def _statuses_of(
    connection: Connection, ids: Sequence[int]
) -> dict[int, dict[int, SubscriptionStatus]]:
    rows = connection.execute(
        select(
            subscriptions.c.subscriber_id, subscriptions.c.topic_id, subscriptions.c.status
        ).where(subscriptions.c.subscriber_id.in_(ids))
    )
    statuses: dict[int, dict[int, SubscriptionStatus]] = {}
    for subscriber_id, topic_id, status in rows:
        statuses.setdefault(subscriber_id, {})[topic_id] = SubscriptionStatus(status)
    return statuses
