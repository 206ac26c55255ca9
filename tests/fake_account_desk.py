"""A desk at which one reader asks for what needs a fresh link; kept in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from newsletter.domain.account import AccountForm
from newsletter.domain.admission import Verdict
from newsletter.domain.readers import Forgotten, Voided

ACCOUNT_TOKEN = "AQEC" + "a" * 43


@dataclass
class FakeAccount:
    """The reader of `ACCOUNT_TOKEN`, as `address` says; `verdict` comes of every wish, and `forms`
    are those that were sent."""

    address: str | Forgotten | Voided = "s***@example.org"
    verdict: Verdict = Verdict.TAKEN
    forms: list[AccountForm] = field(default_factory=list)

    def masked_address(self, token: str) -> str | Forgotten | Voided | None:
        """The address of the reader, masked."""
        return self.address if token == ACCOUNT_TOKEN else None

    def ask(self, token: str, form: AccountForm) -> Verdict | None:
        """Keeps the form."""
        if not isinstance(self.masked_address(token), str):
            return None
        self.forms.append(form)
        return self.verdict
