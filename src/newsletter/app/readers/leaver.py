"""Whom an unsubscribe token names, and what its page may show of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from newsletter.audience import subscribers
from newsletter.audience.topics import topic_by_public_id
from newsletter.domain.departures import Leaver, LeavingNews
from newsletter.domain.people import Subscriber, SubscriptionStatus, Topic
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

    def shown(
        self, *, is_subscribed: bool, can_undo: bool, news: LeavingNews | None = None
    ) -> Leaver:
        """What the page may show: an unsubscribe token opens no profile (T2)."""
        return Leaver(
            masked_address=mask(self.person.address),
            language=self.person.language,
            topic_names=self.topic.names if self.topic else None,
            is_subscribed=is_subscribed,
            can_undo=can_undo,
            news=news,
        )


def find_leaver(connection: Connection, claims: TokenClaims) -> NamedLeaver | None:
    """The person of these claims; None when nothing is kept of them any more."""
    person = subscribers.by_handle(connection, claims.handle)
    if person is None:
        return None
    return NamedLeaver(person, topic_by_public_id(connection, claims.topic))


def is_subscribed(connection: Connection, named: NamedLeaver) -> bool:
    """Whether there is something of the topic to leave: who waits for confirmation, or pauses, has
    not left and must still find the way out."""
    return any(
        named.topic is not None
        and one.topic == named.topic.slug
        and one.status is not SubscriptionStatus.UNSUBSCRIBED
        for one in subscribers.subscriptions_of(connection, named.person.id)
    )
