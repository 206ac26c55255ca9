"""Pausing: mail rests for a while, and the person stays on the list.

A pause is not leaving. The subscription keeps its basis and the day since when the person has had
it, and it goes on by itself when the time is over. Whoever pauses without an end, as lists of other
programs have it, pauses until they say that it is enough.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from newsletter.audience.consent_ledger import Change, change_subscriptions
from newsletter.domain.people import READER, ConsentSource, SubscriptionStatus
from newsletter.storage.schema import subscriptions, topics

_IS_ACTIVE = subscriptions.c.status == SubscriptionStatus.ACTIVE
_IS_PAUSED = subscriptions.c.status == SubscriptionStatus.PAUSED


def pause(
    connection: Connection,
    subscriber_id: int,
    until: datetime,
    *,
    at: datetime,
    topic_ids: Collection[int] | None = None,
) -> int:
    """Lets what the person gets rest until then, all of it or only these topics; gives the number
    of subscriptions that changed.

    What rests until another day gets the new end; what rests without one is left alone, and so is
    what waits to be confirmed. Saying it twice is as good as once.
    """
    another_end = and_(_IS_PAUSED, subscriptions.c.resumes_at != until)
    chosen = and_(_of(subscriber_id, topic_ids), or_(_IS_ACTIVE, another_end))
    rests = Change(SubscriptionStatus.PAUSED, ConsentSource.PREFERENCES_PAGE, READER, until)
    return change_subscriptions(connection, chosen, rests, at)


def resume(connection: Connection, subscriber_id: int, *, at: datetime) -> int:
    """Lets all that rests go on, by the person's own word; gives the number of subscriptions."""
    goes_on = Change(SubscriptionStatus.ACTIVE, ConsentSource.PREFERENCES_PAGE, READER)
    chosen = and_(_of(subscriber_id, None), _IS_PAUSED)
    return change_subscriptions(connection, chosen, goes_on, at)


def is_any_over(connection: Connection, now: datetime) -> bool:
    """Whether there is anything for `resume_due` to do; takes no lock."""
    query = select(subscriptions.c.topic_id).where(_is_over(now)).limit(1)
    return connection.execute(query).first() is not None


def resume_due(connection: Connection, now: datetime) -> int:
    """Lets everything go on whose pause is over; gives the number of subscriptions.

    It has to come before an audience is counted or frozen: only what is active is in it.
    """
    goes_on = Change(SubscriptionStatus.ACTIVE, ConsentSource.PAUSE_OVER, ConsentSource.PAUSE_OVER)
    return change_subscriptions(connection, _is_over(now), goes_on, now)


def _of(subscriber_id: int, topic_ids: Collection[int] | None) -> ColumnElement[bool]:
    of_person = subscriptions.c.subscriber_id == subscriber_id
    return of_person if topic_ids is None else of_person & subscriptions.c.topic_id.in_(topic_ids)


def _is_over(now: datetime) -> ColumnElement[bool]:
    return and_(
        # By way of the topics, since the index is by topic first: else every row is looked at.
        subscriptions.c.topic_id.in_(select(topics.c.id)),
        _IS_PAUSED,
        subscriptions.c.resumes_at <= now,
    )
