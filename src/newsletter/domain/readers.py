"""What a subscriber's own pages may know of them: what a token opens, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from newsletter.domain.people import Basis


@dataclass(frozen=True, slots=True)
class ReaderTopic:
    """A topic as its reader sees it; `since`, `basis` and `source` are None when never had.

    `subscribed` is whether there is something to leave: also while the person has yet to confirm,
    or pauses.
    """

    slug: str
    names: Mapping[str, str]
    subscribed: bool
    since: datetime | None
    basis: Basis | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Reader:
    """The person behind a token.

    `masked_address` is `a***@example.org` (T9); `topic` is the slug of the topic that the token
    names, `topics` those that the page may show: the topic's own on an unsubscribe page, since an
    unsubscribe token must not open a profile (T2).
    """

    masked_address: str
    language: str
    topic: str | None
    topics: tuple[ReaderTopic, ...]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Whoever a token of ours was once given to and of whom nothing is kept any more (T7)."""


@dataclass(frozen=True, slots=True)
class Media:
    """A published file: an image or a calendar entry."""

    content: bytes
    media_type: str
