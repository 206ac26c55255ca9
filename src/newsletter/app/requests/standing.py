"""What is known of an address that somebody asks something for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from newsletter.audience import stopping
from newsletter.audience.known_people import known_among
from newsletter.audience.suppressions import find_suppression
from newsletter.domain.people import SubscriptionStatus, Topic
from newsletter.tokens.erasure_seals import ErasureSeals

_ON_LIST = (SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED)


@dataclass(frozen=True, slots=True)
class Standing:
    """`statuses` are those of the person's subscriptions by the topics' ids, empty for somebody who
    has none; `is_suppressed` says that the address may not be mailed, `is_stopped` that a sign-up
    does not change that."""

    statuses: Mapping[int, SubscriptionStatus]
    is_suppressed: bool
    is_stopped: bool

    @property
    def was_ever_there(self) -> bool:
        """Whether the person has or had anything of the list; who was only ever asked to confirm
        may know nothing of it."""
        return any(one is not SubscriptionStatus.PENDING for one in self.statuses.values())

    def has(self, topic: Topic) -> bool:
        """Whether the person is on the list of the topic, at this moment or after a pause."""
        return self.statuses.get(topic.id) in _ON_LIST


def standing_of(connection: Connection, canonical: str, seals: ErasureSeals) -> Standing:
    """What is known of the canonical address."""
    known = known_among(connection, [canonical]).get(canonical)
    return Standing(
        statuses={} if known is None else known.statuses,
        is_suppressed=find_suppression(connection, canonical, seals) is not None,
        is_stopped=stopping.is_stopped(connection, canonical, seals),
    )
