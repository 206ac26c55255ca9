"""Making the topics that somebody ticked theirs, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from newsletter.app.readers.named_reader import NamedReader, is_subscribed, visible_topics
from newsletter.audience import joining, leaving, pausing, subscribers
from newsletter.audience.grounds import Grounds
from newsletter.domain.errors import Refused
from newsletter.domain.people import (
    READER,
    Basis,
    ConsentSource,
    Subscription,
    SubscriptionStatus,
    Topic,
)
from newsletter.domain.readers import Choices
from newsletter.tokens.erasure_seals import ErasureSeals

_SOURCE = ConsentSource.PREFERENCES_PAGE


def choose_topics(
    connection: Connection,
    named: NamedReader,
    choices: Choices,
    *,
    seals: ErasureSeals,
    at: datetime,
) -> None:
    """Joins and leaves what differs from the choice, of what the person may see.

    Nothing else is known here: a private topic that was guessed, or one that is gone since the page
    was shown, changes nothing (T15). What the person has stays as it is, waiting or resting. What
    is new rests too while all else does, until the same day: they have asked for a time without
    mail. Nothing is joined while the address is suppressed.
    """
    wanted = choices.topics
    had = subscribers.subscriptions_of(connection, named.person.id)
    gets = {one.topic for one in had if is_subscribed(one)}
    visible = visible_topics(named.topics, had)
    for topic in visible:
        if topic.slug in gets and topic.slug not in wanted:
            person = named.person.id
            leaving.leave(connection, person, topic.id, source=_SOURCE, actor=READER, at=at)
    new = [one for one in visible if one.slug in wanted and one.slug not in gets]
    grounds = Grounds(Basis.CONSENT, _SOURCE, choices.wording, READER, at, choices.ip)
    joined = _join(connection, named, new, grounds, seals)
    until = _resting_until(had)
    if joined and until is not None:
        ids = [one.id for one in joined]
        pausing.pause(connection, named.person.id, until, at=at, topic_ids=ids)


def _join(
    connection: Connection,
    named: NamedReader,
    topics: Sequence[Topic],
    grounds: Grounds,
    seals: ErasureSeals,
) -> Sequence[Topic]:
    """Joins them all; none while the address is suppressed, which it is for every one alike."""
    for topic in topics:
        try:
            joining.join(connection, named.person, topic, grounds, seals=seals)
        except Refused:  # the page says so
            return ()
    return topics


def _resting_until(had: Sequence[Subscription]) -> datetime | None:
    """When the pause is over that somebody is on; None for who gets any mail, or pauses without an
    end, which no word of theirs here can have meant for what is new."""
    if any(one.status is SubscriptionStatus.ACTIVE for one in had):
        return None
    ends = (one.resumes_at for one in had if one.status is SubscriptionStatus.PAUSED)
    return max((end for end in ends if end is not None), default=None)
