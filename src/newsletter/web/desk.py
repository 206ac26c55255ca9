"""What the public pages ask of the program, and what they may have it change."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from newsletter.domain.readers import Forgotten, Media, Reader
from newsletter.tokens.tokens import Purpose


class ReaderDesk(Protocol):
    """Serves one reader at a time, known by a token.

    None is always the same answer: the token is garbled, forged or for something else, and nobody
    outside learns which. A token that we gave out once, to a person who is no longer kept, gives
    Forgotten: there is nothing to change, and old links still answer (T7). Every call may raise
    SurroundingsFailed; then nothing was changed.
    """

    def reader(self, purpose: Purpose, token: str) -> Reader | Forgotten | None:
        """The person whom the token names, as far as its purpose lets one see (T2)."""
        ...

    def leave(self, token: str, *, one_click: bool) -> Reader | Forgotten | None:
        """Leaves the topic of an unsubscribe token and no other (T8); may be said twice (T7)."""
        ...

    def leave_all(self, purpose: Purpose, token: str) -> Reader | Forgotten | None:
        """Leaves every topic, by an unsubscribe or a preferences token, as `purpose` says, and by
        no other (T2); may be said twice."""
        ...

    def save(
        self, token: str, *, topics: Collection[str], language: str
    ) -> Reader | Forgotten | None:
        """Makes exactly `topics` (slugs) of those on the page subscribed, and sets the language of
        the newsletters; by a preferences token."""
        ...

    def page(self, token: str, language: str) -> str | None:
        """The HTML of the edition that a view token names, the same for all readers."""
        ...

    def media(self, name: str) -> Media | None:
        """The published image of that name, `{digest}.{ext}`."""
        ...

    def is_ready(self) -> bool:
        """Whether requests can be served."""
        ...
