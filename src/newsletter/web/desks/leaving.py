"""The desk where readers leave."""

from __future__ import annotations

from typing import Protocol

from newsletter.domain.departures import Leaver, Noted, Unseen
from newsletter.domain.readers import Forgotten
from newsletter.domain.requests import LeavingReason


class LeavingDesk(Protocol):
    """Serves readers by unsubscribe tokens, which open no profile (T2) and work for ever (T3).

    Every call gives None for a token that is not ours, and Forgotten when nothing is kept of its
    person any more (T7).
    """

    def leaver(self, token: str) -> Leaver | Forgotten | Unseen | None:
        """Whoever the token names, with its own topic only."""
        ...

    def leave(self, token: str, *, one_click: bool) -> Leaver | Forgotten | Noted | None:
        """Leaves the token's topic and no other (T8); may be said twice (T7)."""
        ...

    def leave_all(self, token: str) -> Leaver | Forgotten | Noted | None:
        """Leaves every topic; may be said twice."""
        ...

    def undo(self, token: str, *, everything: bool) -> Leaver | Forgotten | None:
        """Takes the last departure from the token's topic back, with all that was left with it;
        or, with `everything`, what was left last."""
        ...

    def give_reason(self, token: str, reason: LeavingReason | None) -> Leaver | Forgotten | None:
        """Notes why somebody has left, None when they did not choose anything."""
        ...
