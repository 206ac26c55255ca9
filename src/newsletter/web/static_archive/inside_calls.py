"""Asking the public pages for something without a network."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp


@dataclass(frozen=True, slots=True)
class Answer:
    """What the pages answered. The body is kept small, for there may be a thousand of them."""

    status: int
    headers: Mapping[str, str]
    packed: bytes

    @property
    def body(self) -> bytes:
        """The content."""
        return zlib.decompress(self.packed)

    @property
    def media_type(self) -> str:
        """The type without its parameters: `text/html`."""
        return self.headers.get("content-type", "").partition(";")[0]


class InsideCalls:
    """Asks `app` as a visitor of the site at `base_url` would."""

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self._app = app
        self._host = urlsplit(base_url).netloc.encode("idna")

    async def get(self, path: str) -> Answer:
        """What is at that path, which has no query."""
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        await self._app(self._scope(path), receive, send)
        start, *parts = sent
        body = b"".join(part.get("body", b"") for part in parts)
        headers = Headers(raw=list(start["headers"]))
        return Answer(start["status"], headers, zlib.compress(body, 1))

    def _scope(self, path: str) -> dict[str, Any]:
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "https",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", self._host)],
            "client": None,
            "server": None,
        }
