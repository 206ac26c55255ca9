"""How many requests are served at once: a crowd finds a short answer, and not a long wait."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

MOST_AT_ONCE = 1000
_ONE_CLICK = "/u/"


class Crowd:
    """Gives `refusal` to a request that comes while `most` others are under way."""

    def __init__(self, app: ASGIApp, refusal: ASGIApp, most: int = MOST_AT_ONCE) -> None:
        self._app = app
        self._refusal = refusal
        self._most = most
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands the request on, or refuses it; who leaves by one click is never refused (T10)."""
        has_room = self._under_way < self._most or scope.get("path", "").startswith(_ONE_CLICK)
        app = self._app if has_room else self._refusal
        self._under_way += 1
        try:
            await app(scope, receive, send)
        finally:
            self._under_way -= 1
