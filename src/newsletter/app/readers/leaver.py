"""Whom an unsubscribe token names, and what its page may show of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from newsletter.audience import subscribers
from newsletter.audience.topics import topic_by_public_id
from newsletter.domain.departures import Leaver, LeavingNews
from newsletter.domain.people import Subscriber, Subscription, SubscriptionStatus, Topic
from newsletter.mail.addresses import mask
from newsletter.tokens.tokens import TokenClaims


@dataclass(frozen=True, slots=True)
class NamedLeaver:
    """Whom a token names: the person, and the token's own topic if it still is one."""

    person: Subscriber
    topic: Topic | None

    @property
    def topic_id(self) -> int | None:
        """The topic's id; None without one."""
        return self.topic.id if self.topic else None


def find_leaver(connection: Connection, claims: TokenClaims) -> NamedLeaver | None:
    """The person of these claims; None when nothing is kept of them any more."""
    person = subscribers.by_handle(connection, claims.handle)
    if person is None:
        return None
    return NamedLeaver(person, topic_by_public_id(connection, claims.topic))


def shown_leaver(
    connection: Connection, named: NamedLeaver, *, can_undo: bool, news: LeavingNews | None
) -> Leaver:
    """What the page may show: an unsubscribe token opens no profile (T2)."""
    had = subscribers.subscriptions_of(connection, named.person.id)
    return Leaver(
        masked_address=mask(named.person.address),
        language=named.person.language,
        topic_names=named.topic.names if named.topic else None,
        is_subscribed=any(_is_to_leave(one, named.topic) for one in had),
        can_undo=can_undo,
        news=news,
    )


def _is_to_leave(subscription: Subscription, topic: Topic | None) -> bool:
    # Who waits for confirmation, or pauses, has not left and must still find the way out.
    return (
        topic is not None
        and subscription.topic == topic.slug
        and subscription.status is not SubscriptionStatus.UNSUBSCRIBED
    )
