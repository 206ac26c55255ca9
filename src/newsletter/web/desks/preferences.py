"""The desk where readers choose what they get."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from newsletter.domain.readers import Forgotten, Reader


class PreferencesDesk(Protocol):
    """Serves readers by preferences tokens, which open the profile and nothing else (T2)."""

    def reader(self, token: str) -> Reader | Forgotten | None:
        """The person whom the token names, with every topic that they may see."""
        ...

    def save(
        self, token: str, *, topics: Collection[str], language: str
    ) -> Reader | Forgotten | None:
        """Makes exactly `topics` (slugs) of those on the page subscribed, and sets the language of
        the newsletters."""
        ...

    def leave_all(self, token: str) -> Reader | Forgotten | None:
        """Leaves every topic; may be said twice."""
        ...
