"""Whom a token names, and what its page may show of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from newsletter.audience import subscribers
from newsletter.audience.topics import all_topics
from newsletter.domain.people import (
    ConsentSource,
    Subscriber,
    Subscription,
    SubscriptionStatus,
    Topic,
)
from newsletter.domain.readers import Forgotten, Reader, ReaderTopic
from newsletter.mail.addresses import mask
from newsletter.tokens.tokens import Purpose, TokenClaims


@dataclass(frozen=True, slots=True)
class NamedReader:
    """Whom a token names: the person, the token's own topic if it still is one, and all topics."""

    person: Subscriber
    topic: Topic | None
    topics: Sequence[Topic]


def find_named(connection: Connection, claims: TokenClaims) -> NamedReader | None:
    """The person of these claims; None when nothing is kept of them any more."""
    person = subscribers.by_handle(connection, claims.handle)
    if person is None:
        return None
    topics = all_topics(connection)
    own = next((one for one in topics if one.public_id == claims.topic), None)
    return NamedReader(person, own, topics)


def shown_reader(
    connection: Connection, purpose: Purpose, named: NamedReader | None
) -> Reader | Forgotten:
    """What the page of `purpose` may show: an unsubscribe token opens no profile (T2)."""
    if named is None:
        return Forgotten()
    had = {one.topic: one for one in subscribers.subscriptions_of(connection, named.person.id)}
    sources = {
        one.topic: one.source
        for one in subscribers.consents_of(connection, named.person.id)
        if one.status is SubscriptionStatus.ACTIVE
        and not one.source.startswith(ConsentSource.IMPORT_UNDONE)  # it tells of what was before
    }
    visible = visible_topics(named.topics, had.values())
    if purpose is not Purpose.PREFERENCES:
        visible = [one for one in visible if one == named.topic]
    return Reader(
        masked_address=mask(named.person.address),
        language=named.person.language,
        topic=named.topic.slug if named.topic else None,
        topics=tuple(
            _reader_topic(one, had.get(one.slug), sources.get(one.slug)) for one in visible
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


def _reader_topic(
    topic: Topic, subscription: Subscription | None, source: str | None
) -> ReaderTopic:
    return ReaderTopic(
        slug=topic.slug,
        names=topic.names,
        subscribed=subscription is not None and is_subscribed(subscription),
        since=subscription.since if subscription else None,
        basis=subscription.basis if subscription else None,
        source=source,
    )
