"""Whom a token for the preferences names, and what its page may show of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from newsletter.audience import subscribers
from newsletter.audience.beginnings import Beginning, beginning
from newsletter.audience.topics import all_topics
from newsletter.domain.people import Subscriber, Subscription, SubscriptionStatus, Topic
from newsletter.domain.readers import Reader, ReaderTopic, Told
from newsletter.mail.addresses import mask
from newsletter.tokens.tokens import TokenClaims


@dataclass(frozen=True, slots=True)
class NamedReader:
    """Whom a token names: the person, and all topics."""

    person: Subscriber
    topics: Sequence[Topic]


def find_named(connection: Connection, claims: TokenClaims) -> NamedReader | None:
    """The person of these claims; None when nothing is kept of them any more."""
    person = subscribers.by_handle(connection, claims.handle)
    return None if person is None else NamedReader(person, all_topics(connection))


def shown_reader(connection: Connection, named: NamedReader) -> Reader:
    """What the page may show, as it is in the database now."""
    person = named.person
    had = {one.topic: one for one in subscribers.subscriptions_of(connection, person.id)}
    lines = subscribers.consents_of(connection, person.id)
    return Reader(
        masked_address=mask(person.address),
        language=person.language,
        format=person.format,
        topics=tuple(
            _reader_topic(one, had[one.slug], beginning(by for by in lines if by.topic == one.slug))
            if one.slug in had
            else ReaderTopic(one.slug, one.names)
            for one in visible_topics(named.topics, had.values())
        ),
    )


def visible_topics(topics: Sequence[Topic], had: Collection[Subscription]) -> list[Topic]:
    """The topics that somebody may see who has or had these subscriptions.

    A private topic is shown to those who ever had it, and cannot be joined by guessing (T15).
    """
    ever = {one.topic for one in had}
    return [one for one in topics if not one.private or one.slug in ever]


def is_subscribed(subscription: Subscription) -> bool:
    """Whether there is something to leave: who waits for confirmation, or pauses, has not left and
    must still find the way out."""
    return subscription.status is not SubscriptionStatus.UNSUBSCRIBED


def _reader_topic(topic: Topic, had: Subscription, began: Beginning | None) -> ReaderTopic:
    return ReaderTopic(
        slug=topic.slug,
        names=topic.names,
        status=had.status,
        since=had.since,
        basis=had.basis,
        source=began.line.source if began else None,
        told=_told(began),
        resumes_at=had.resumes_at,
    )


def _told(began: Beginning | None) -> Told | None:
    line = began.told if began else None
    return Told(line.wording, line.at) if line is not None and line.wording is not None else None
