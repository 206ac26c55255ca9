"""The desk where readers ask for what needs more than the link in a newsletter."""

from __future__ import annotations

from typing import Protocol

from newsletter.domain.account import AccountForm
from newsletter.domain.admission import Verdict
from newsletter.domain.readers import Forgotten, Voided


class AccountDesk(Protocol):
    """Takes wishes by preferences tokens and does nothing about them: newsletters get forwarded, so
    that a fresh link is mailed to the reader's own address, and only that can (T3)."""

    def masked_address(self, token: str) -> str | Forgotten | Voided | None:
        """The address of the person whom the token names, as a page may show it (T9)."""
        ...

    def ask(self, token: str, form: AccountForm) -> Verdict | None:
        """Writes the wish down: `taken`; `ignored` for the same wish twice at once, which is as
        good as taken; `crowded` when the person has asked for it too often. None when the token
        names nobody. Says nothing of the new address (T13)."""
        ...
