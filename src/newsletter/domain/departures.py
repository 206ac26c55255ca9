"""What the pages for leaving may know of whoever is there: what an unsubscribe token opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class LeavingNews(StrEnum):
    """What came of what somebody has just asked for at these pages, beside leaving itself.

    `undone`: they have again what they had left. `not-undone`: it was too late for that, or
    something speaks against it. `reason-noted`: thanks for saying why.
    """

    UNDONE = "undone"
    NOT_UNDONE = "not-undone"
    REASON_NOTED = "reason-noted"


@dataclass(frozen=True, slots=True)
class Leaver:
    """Whoever may leave by a token, which opens no profile (T2).

    `masked_address` is `a***@example.org` (T9). `topic_names` are those of the token's own topic,
    None when it is one no more; `is_subscribed` is whether there is something of it to leave: also
    while the person has yet to confirm, or pauses. `can_undo` is whether what was left last may be
    taken back.
    """

    masked_address: str
    language: str
    topic_names: Mapping[str, str] | None
    is_subscribed: bool
    can_undo: bool
    news: LeavingNews | None = None


@dataclass(frozen=True, slots=True)
class Unseen:
    """Whoever a token of ours names while the database does not answer: they can leave all the
    same (T10)."""


@dataclass(frozen=True, slots=True)
class Noted:
    """The wish to leave was written down while the database did not take it, and will be carried
    out before any more mail goes (T10)."""
