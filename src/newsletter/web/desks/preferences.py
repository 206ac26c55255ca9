"""The desk where readers choose what they get."""

from __future__ import annotations

from typing import Protocol

from newsletter.domain.departures import Noted
from newsletter.domain.readers import Choices, Forgotten, FreshLink, Opened, Voided


class PreferencesDesk(Protocol):
    """Serves readers by preferences tokens, which open the profile and nothing else (T2).

    Everything may be said twice and is as good as once.
    """

    def reader(self, token: str) -> Opened:
        """The person whom the token names, with every topic that they may see."""
        ...

    def save(self, token: str, choices: Choices) -> Opened:
        """Takes over the choices; topics that the page does not show are not listened to (T15)."""
        ...

    def pause(self, token: str, *, months: int) -> Opened:
        """Lets all that the person gets rest for so many months, of `PAUSE_MONTHS`."""
        ...

    def resume(self, token: str) -> Opened:
        """Lets all that rests go on."""
        ...

    def leave_all(self, token: str) -> Opened | Noted:
        """Leaves every topic."""
        ...

    def void_links(self, token: str) -> FreshLink | Forgotten | Voided | None:
        """Makes every link to the person's preferences void, the token's own with them, and gives
        a new one."""
        ...
