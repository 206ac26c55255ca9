"""A real https server on loopback, whose pages behave as their names say; and a name service."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, ip_address
from typing import Self
from urllib.parse import quote, unquote

import trustme

from newsletter.app.public_addresses import IPAddress
from newsletter.app.safe_fetching import FetchRules

_PATIENCE = 10
"""Seconds after which a server that does not start or stop is a failed test."""

LOOPBACK = IPv4Address("127.0.0.1")
SITE = "site.internal"
EXPIRED_SITE = "expired.internal"
OTHER_NAME = "other-name.internal"
UNTRUSTED = "untrusted.internal"


class Page(StrEnum):
    """What the server may be asked for, with any query, and what comes of it."""

    OK = "/ok"
    NOT_FOUND = "/not-found"
    GONE = "/gone"
    BUSY = "/busy"  # 429
    FAILING = "/failing"  # 503
    ONLY_GET = "/only-get"  # 405 to HEAD
    WRONG_ABOUT_HEAD = "/wrong-about-head"  # 404 to HEAD, and the page to GET
    COOKIE = "/cookie"  # sets one, and redirects to OK
    HANGS = "/hangs"  # never answers
    FOREVER_SOON = "/forever-soon"  # 100 Continue again and again
    ENDLESS_HEAD = "/endless-head"
    ENDLESS_BODY = "/endless-body"  # 405 to HEAD
    GARBAGE = "/garbage"  # what answers is not HTTP
    HANGS_UP = "/hangs-up"  # without an answer


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in; the names of `headers` in small letters."""

    method: str
    target: str
    headers: Mapping[str, str]


_STATUS = {
    Page.OK: 200,
    Page.NOT_FOUND: 404,
    Page.GONE: 410,
    Page.BUSY: 429,
    Page.FAILING: 503,
    Page.ONLY_GET: 200,
    Page.WRONG_ABOUT_HEAD: 200,
    Page.ENDLESS_BODY: 200,
}
_STATUS_TO_HEAD = {Page.ONLY_GET: 405, Page.WRONG_ABOUT_HEAD: 404, Page.ENDLESS_BODY: 405}


class HttpsServer:
    """Listens on a free loopback port for as long as the `with` block lasts.

    It is every host there is; the certificate depends on the name that is asked for: EXPIRED_SITE
    has one that is out of date, OTHER_NAME the one of SITE, UNTRUSTED one of an unknown authority.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        authority = trustme.CA()
        yesterday = datetime.now(UTC) - timedelta(days=1)
        expired = authority.issue_cert(
            EXPIRED_SITE, not_before=yesterday - timedelta(days=9), not_after=yesterday
        )
        self._contexts = {
            EXPIRED_SITE: _context(expired),
            UNTRUSTED: _context(trustme.CA().issue_cert(UNTRUSTED)),
        }
        self._context = _context(authority.issue_cert(SITE))
        self._context.sni_callback = self._choose_certificate  # type: ignore[assignment]
        self.trust = ssl.create_default_context()
        authority.configure_trust(self.trust)
        self._socket = socket.socket()
        self._socket.bind((str(LOOPBACK), 0))
        self.port: int = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        # Clients that have had enough end in errors here; a test cares about what came of them.
        self._loop.set_exception_handler(lambda loop, context: None)
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    # What a test asks.

    def url(self, page: str, *, host: str = SITE) -> str:
        """The address of a page."""
        return f"https://{host}:{self.port}{page}"

    def redirect(self, status: int, location: str) -> str:
        """The address of a page that redirects to `location`, a path or a whole address."""
        return self.url(f"/to/{status}?{quote(location, safe='')}")

    def rules(self, resolver: Resolver | None = None, **limits: float) -> FetchRules:
        """Rules under which this server is the one public address."""
        return FetchRules(
            resolve=resolver or Resolver(),
            is_allowed=lambda address: address == LOOPBACK,
            port=self.port,
            tls=self.trust,
            **limits,  # type: ignore[arg-type]
        )

    @property
    def lines(self) -> list[str]:
        """What came in: `HEAD /ok`."""
        return [f"{one.method} {one.target}" for one in self.asked]

    # Its life.

    def __enter__(self) -> Self:
        self._thread.start()
        self._in_loop(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._in_loop(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()

    def _in_loop(self, work: object) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE)  # type: ignore[arg-type]

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, sock=self._socket, ssl=self._context)

    async def _stop(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _choose_certificate(
        self, connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext
    ) -> None:
        if name in self._contexts:
            connection.context = self._contexts[name]

    # One connection.

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
            method, target, _ = head[0].split(" ")
            named = (line.partition(": ") for line in head[1:] if line)
            asked = Asked(method, target, {name.lower(): value for name, _, value in named})
            self.asked.append(asked)
            await _answer(asked, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has had enough, as many a test wants it to
        finally:
            with suppress(AttributeError):  # Python 3.11.2 (Debian 12), when the client went first
                writer.transport.abort()


async def _answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
    path, _, query = asked.target.partition("?")
    if path.startswith("/to/"):
        writer.write(_head(int(path.removeprefix("/to/")), f"Location: {unquote(query)}"))
    elif path == Page.COOKIE:
        writer.write(_head(302, "Set-Cookie: tracked=yes; Path=/", f"Location: {Page.OK}"))
    elif path in _NOT_AN_ANSWER:
        await _NOT_AN_ANSWER[Page(path)](writer)
    else:
        status_of = _STATUS | _STATUS_TO_HEAD if asked.method == "HEAD" else _STATUS
        writer.write(_head(status_of[Page(path)]))
        if (path, asked.method) == (Page.ENDLESS_BODY, "GET"):
            await _forever(writer, b"x" * 1000)
    await writer.drain()


def _head(status: int, *headers: str) -> bytes:
    lines = (f"HTTP/1.1 {status} -", *headers, "Connection: close", "", "")
    return "\r\n".join(lines).encode()


async def _forever(writer: asyncio.StreamWriter, data: bytes) -> None:
    while True:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(0)


async def _hang(writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def _endless_head(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 -\r\n")
    await _forever(writer, b"X-More: " + b"x" * 1000 + b"\r\n")


async def _forever_soon(writer: asyncio.StreamWriter) -> None:
    await _forever(writer, b"HTTP/1.1 100 Continue\r\n\r\n")


async def _garbage(writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-server\r\n\r\n")


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()


_NOT_AN_ANSWER = {
    Page.HANGS: _hang,
    Page.ENDLESS_HEAD: _endless_head,
    Page.FOREVER_SOON: _forever_soon,
    Page.GARBAGE: _garbage,
    Page.HANGS_UP: _hang_up,
}


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@dataclass
class Resolver:
    """A name service that knows the server under all of its names, and what a test adds.

    `answers` maps a host to what it answers, one after another and then the last again; no address
    at all means that there is no such host. `asked` are the hosts it was asked for.
    """

    answers: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str, /) -> Sequence[IPAddress]:
        own = {name: [[str(LOOPBACK)]] for name in (SITE, EXPIRED_SITE, OTHER_NAME, UNTRUSTED)}
        answers = (own | dict(self.answers)).get(host, [[]])
        answer = answers[min(self.asked.count(host), len(answers) - 1)]
        self.asked.append(host)
        if not answer:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [ip_address(address) for address in answer]
