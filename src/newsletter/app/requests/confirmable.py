"""What a kind of request has to know, so that its link can be confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from newsletter.domain.confirming import Confirmation
from newsletter.domain.requests import Request


@dataclass(frozen=True, slots=True)
class Act:
    """That somebody pressed the button: when, and from which address of a machine; `choice` is
    which one, where there are several."""

    at: datetime
    ip: str | None
    choice: str = ""


class Confirmable(Protocol):
    """A kind of request that a link confirms. Whoever calls it knows the request to be of that
    kind."""

    def look(self, connection: Connection, request: Request) -> Confirmation:
        """The request as its page shows it, before (`open`) and after (`done`) it was confirmed;
        `stopped` or `over` when nothing could come of the button. Only reads."""
        ...

    def confirm(self, connection: Connection, request: Request, act: Act) -> Confirmation:
        """Does what was asked for, in the transaction that settled the request a moment ago, and
        says so (`done`). The request may be gone afterwards, with the person."""
        ...

    def finish(self, request: Request) -> None:
        """What else there is to do when that transaction is over, such as work on files; it may
        fail, and must then have a way of being done later."""
        ...
