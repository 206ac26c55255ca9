"""Leaving topics. Leaving never fails, never asks why, and may be said twice (T7).

Every departure is on record (L4): also of somebody who has no subscription at the moment, since the
list that they came with was taken back, and of somebody whom only a list had called unsubscribed,
since that may be taken back. Else the next import would subscribe them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from newsletter.audience.consent_ledger import write_subscriptions
from newsletter.audience.grounds import Grounds
from newsletter.domain.people import READER, Basis, SubscriptionStatus
from newsletter.storage.schema import consents, subscriptions

_COMING = (SubscriptionStatus.ACTIVE, SubscriptionStatus.PENDING)

# Made once: whoever leaves shall not wait for statements to be made.
_HAD: Select[Any] = select(*subscriptions.c["topic_id", "status", "resumes_at"]).where(
    subscriptions.c.subscriber_id == bindparam("person")
)
_LINES: Select[Any] = (
    select(*consents.c["topic_id", "status", "basis", "actor", "at", "import_id"])
    .where(consents.c.subscriber_id == bindparam("person"))
    .order_by(consents.c.id)
)


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
    known = _known_topics(connection, subscriber_id)
    if topic_id not in known:
        return False
    return bool(_leave(connection, subscriber_id, {topic_id: known[topic_id]}, source, actor, at))


def leave_all(
    connection: Connection, subscriber_id: int, *, source: str, actor: str, at: datetime
) -> int:
    """Unsubscribes the person from every topic that they have or ever had; gives the number that
    changed."""
    known = _known_topics(connection, subscriber_id)
    return _leave(connection, subscriber_id, known, source, actor, at)


def leave_belatedly(
    connection: Connection,
    subscriber_id: int,
    topic_id: int | None,
    *,
    source: str,
    asked_at: datetime,
) -> int:
    """Does what the person asked for some time ago, when it could not be done: unsubscribes them
    from the topic, or from all when that is None; gives the number that changed.

    What they have come back to since, by their own act, they keep.
    """
    known = {
        topic: one
        for topic, one in _known_topics(connection, subscriber_id).items()
        if topic_id in (None, topic) and not (one.own_word_at and one.own_word_at > asked_at)
    }
    return _leave(connection, subscriber_id, known, source, READER, asked_at)


@dataclass(frozen=True, slots=True)
class _KnownTopic:
    """What is known of somebody and a topic: whether they have left it, by their own word or
    somebody's here and not only by a list, on what basis they were last mailed, when a pause of
    theirs is over, and when they came or came back themselves if that was the last word."""

    has_left: bool
    basis: Basis
    resumes_at: datetime | None
    own_word_at: datetime | None


def _known_topics(connection: Connection, subscriber_id: int) -> dict[int, _KnownTopic]:
    person = {"person": subscriber_id}
    lines = connection.execute(_LINES, person).all()
    last = {line.topic_id: line for line in lines}
    had = {row.topic_id: row for row in connection.execute(_HAD, person)}
    return {topic_id: _known(line, had.get(topic_id)) for topic_id, line in last.items()}


def _known(last: Row[Any], had: Row[Any] | None) -> _KnownTopic:
    is_unsubscribed = had is not None and had.status == SubscriptionStatus.UNSUBSCRIBED
    return _KnownTopic(
        has_left=is_unsubscribed and last.import_id is None,
        basis=Basis(last.basis),
        resumes_at=had.resumes_at if had is not None else None,
        own_word_at=last.at if last.actor == READER and last.status in _COMING else None,
    )


def _leave(
    connection: Connection,
    subscriber_id: int,
    topics: Mapping[int, _KnownTopic],
    source: str,
    actor: str,
    at: datetime,
) -> int:
    leaving = {topic_id: one for topic_id, one in topics.items() if not one.has_left}
    for topic_id, one in leaving.items():
        grounds = Grounds(one.basis, source, None, actor, at)
        left, until = SubscriptionStatus.UNSUBSCRIBED, one.resumes_at
        # When a pause is over stays where it is, in case that they come back by taking this back.
        write_subscriptions(connection, [subscriber_id], topic_id, left, grounds, resumes_at=until)
    return len(leaving)
