"""What a subscriber's own pages may know of them: what a token opens, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from newsletter.domain.people import Basis, MailFormat, SubscriptionStatus, Wording

PAUSE_MONTHS = (1, 2, 3, 4, 5, 6)
"""For how many months a reader may pause."""


@dataclass(frozen=True, slots=True)
class Told:
    """The words that a reader was shown when they came onto the list, and when that was (L1)."""

    wording: Wording
    at: datetime


@dataclass(frozen=True, slots=True)
class ReaderTopic:
    """A topic as its reader sees it.

    `status`, `since` (when they have had it) and `basis` are None when never had, `source` (where
    that came from) and `told` when nobody knows. `resumes_at` is when a pause is over, None for
    one without an end.
    """

    slug: str
    names: Mapping[str, str]
    status: SubscriptionStatus | None = None
    since: datetime | None = None
    basis: Basis | None = None
    source: str | None = None
    told: Told | None = None
    resumes_at: datetime | None = None

    @property
    def subscribed(self) -> bool:
        """Whether there is something to leave: also while the person has yet to confirm, or
        pauses."""
        return self.status not in (None, SubscriptionStatus.UNSUBSCRIBED)

    @property
    def paused(self) -> bool:
        """Whether it rests for a while."""
        return self.status is SubscriptionStatus.PAUSED

    @property
    def waits(self) -> bool:
        """Whether the person has yet to confirm that they want it."""
        return self.status is SubscriptionStatus.PENDING


@dataclass(frozen=True, slots=True)
class Reader:
    """The person behind a preferences token, with every topic that they may see.

    `masked_address` is `a***@example.org` (T9).
    """

    masked_address: str
    language: str
    format: MailFormat
    topics: tuple[ReaderTopic, ...]

    @property
    def received(self) -> tuple[ReaderTopic, ...]:
        """What they are on the list of."""
        return tuple(one for one in self.topics if one.subscribed)

    @property
    def paused(self) -> tuple[ReaderTopic, ...]:
        """What rests."""
        return tuple(one for one in self.topics if one.paused)

    @property
    def paused_until(self) -> datetime | None:
        """When the last pause is over that has an end; None when there is none."""
        return max((one.resumes_at for one in self.paused if one.resumes_at), default=None)

    @property
    def can_pause(self) -> bool:
        """Whether there is anything that could rest."""
        return any(one.status is SubscriptionStatus.ACTIVE for one in self.topics)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reader chose: exactly these topics (slugs) of those on the page, a language of the
    site, and how mail is to look, None for as it does.

    For the record of consent (L1): `wording` is what stood above the topics, `ip` where the form
    came from.
    """

    topics: frozenset[str]
    language: str
    format: MailFormat | None = None
    wording: Wording | None = None
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Whoever a token of ours was once given to and of whom nothing is kept any more (T7)."""


@dataclass(frozen=True, slots=True)
class Voided:
    """Whoever has a link to somebody's preferences that the person has made void since (T4)."""


@dataclass(frozen=True, slots=True)
class FreshLink:
    """The token that opens somebody's preferences now that all before it are void."""

    token: str


Opened: TypeAlias = Reader | Forgotten | Voided | None
"""What a token for the preferences opens; None is all that was never given out (T7)."""


@dataclass(frozen=True, slots=True)
class Media:
    """A published file: an image or a calendar entry."""

    content: bytes
    media_type: str
