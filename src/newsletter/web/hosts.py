"""Which host names are answered (X16)."""

from __future__ import annotations

import re
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

_HOST = re.compile(r"(?:\[(?P<ipv6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::[0-9]{1,5})?")


class AllowedHosts:
    """Gives `refusal` to every request for a host that is not one of `hosts`."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], refusal: ASGIApp) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands the request on, or refuses it."""
        is_refused = scope["type"] == "http" and not self._is_allowed(Headers(scope=scope))
        await (self._refusal if is_refused else self._app)(scope, receive, send)

    def _is_allowed(self, headers: Headers) -> bool:
        asked = headers.getlist("host")
        host = _HOST.fullmatch(asked[0].lower()) if len(asked) == 1 else None
        return host is not None and (host["ipv6"] or host["name"]) in self._hosts
