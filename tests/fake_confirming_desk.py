"""A desk at which one request may be confirmed, or the mail be stopped; kept in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter.domain.confirming import Confirmation, Download, Stage
from newsletter.domain.requests import RequestKind

CONFIRM_TOKEN = "AQEH" + "c" * 43


@dataclass
class FakeConfirming:
    """The request of `CONFIRM_TOKEN`, a sign-up for two topics unless `kind` and `facts` say
    otherwise; `download` comes of confirming it. `calls` are the changes asked for, with the
    address of the machine."""

    stage: Stage = Stage.OPEN
    kind: RequestKind | None = RequestKind.SIGN_UP
    facts: Mapping[str, object] = field(
        default_factory=lambda: {
            "topics": [
                {"en": "Monthly bulletin", "cy": "Bwletin misol"},
                {"en": "Consultations", "cy": "Ymgyngoriadau"},
            ]
        }
    )
    download: Download | None = None
    is_blocked: bool = False
    calls: list[tuple[str, str | None]] = field(default_factory=list)

    def look(self, token: str) -> Confirmation | None:
        """The request as it is."""
        return self._shown(token, Stage.STOPPED if self.is_blocked else self.stage)

    def confirm(self, token: str, *, ip: str | None, choice: str) -> Confirmation | None:
        """Confirms it, if it is open."""
        before = self.look(token)
        if before is None or before.stage is not Stage.OPEN:
            return before
        self.calls.append((f"confirm {choice}".strip(), ip))
        self.stage = Stage.DONE
        return self._shown(token, self.stage, self.download)

    def look_before_blocking(self, token: str) -> Confirmation | None:
        """The request on the page that stops all mail."""
        return self._shown(token, Stage.STOPPED if self.is_blocked else Stage.OPEN)

    def block(self, token: str) -> Confirmation | None:
        """Stops all mail."""
        if token == CONFIRM_TOKEN:
            self.calls.append(("block", None))
            self.is_blocked = True
        return self.look_before_blocking(token)

    def _shown(
        self, token: str, stage: Stage, download: Download | None = None
    ) -> Confirmation | None:
        if token != CONFIRM_TOKEN:
            return None
        return Confirmation(stage, self.kind, "s***@example.org", self.facts, download)
