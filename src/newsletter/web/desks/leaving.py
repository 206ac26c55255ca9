"""The desk where readers leave."""

from __future__ import annotations

from typing import Protocol

from newsletter.domain.readers import Forgotten, Reader


class LeavingDesk(Protocol):
    """Serves readers by unsubscribe tokens, which open no profile (T2) and work for ever (T3)."""

    def reader(self, token: str) -> Reader | Forgotten | None:
        """The person whom the token names, with its own topic only."""
        ...

    def leave(self, token: str, *, one_click: bool) -> Reader | Forgotten | None:
        """Leaves the token's topic and no other (T8); may be said twice (T7)."""
        ...

    def leave_all(self, token: str) -> Reader | Forgotten | None:
        """Leaves every topic; may be said twice."""
        ...
