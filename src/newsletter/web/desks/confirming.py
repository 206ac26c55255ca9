"""The desk where readers confirm what they asked for."""

from __future__ import annotations

from typing import Protocol

from newsletter.domain.confirming import Confirmation


class ConfirmingDesk(Protocol):
    """Serves readers by the tokens of requests; None for one that is garbled or forged (T7)."""

    def look(self, token: str) -> Confirmation | None:
        """The request as it is; changes nothing (T5)."""
        ...

    def confirm(self, token: str, *, ip: str | None, choice: str) -> Confirmation | None:
        """Does what was asked for, once (T3), and says how the request is then; `ip` is where the
        button was pressed, `choice` which one, where there are several."""
        ...

    def look_before_blocking(self, token: str) -> Confirmation | None:
        """The request on the page that stops all mail, `open` until it was stopped; also when the
        request is over. Changes nothing."""
        ...

    def block(self, token: str) -> Confirmation | None:
        """Stops all mail to the address of the request (T14); may be said twice."""
        ...
