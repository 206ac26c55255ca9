"""Asking a foreign address for an answer, without being led into our own network (X7).

Only httpx2's transport is used, not its client: so there are no cookies, no proxies from the
environment, no sign-in and no redirects but those that are followed here, each under all rules.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from typing import Protocol

import httpx2

from newsletter import __version__
from newsletter.app.public_addresses import IPAddress, is_public

_USER_AGENT = f"newsletter/{__version__} (checks the links of an edition before it is sent)"
_PERMANENT = {301, 308}
_TOO_MANY_REQUESTS = 429
_LONGEST_ADDRESS = 2_000
_NO_SUCH_HOST = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}

# OpenSSL's X509_V_ERR_*: out of date, of another name, of another IP address. Anything else may be
# a matter of this machine, such as an authority that it does not know.
_PLAINLY_WRONG = {10, 62, 64}


class ReplyKind(StrEnum):
    """How asking an address ended."""

    ANSWERED = "answered"  # with a status, good or bad
    NO_ADDRESS = "no-address"  # it cannot be read as an address of the web
    NO_HTTPS = "no-https"
    PASSWORD = "password"  # noqa: S105 - it holds a user's name, and perhaps a password
    OTHER_PORT = "other-port"
    NO_SUCH_HOST = "no-such-host"
    NOT_PUBLIC = "not-public"  # it leads into a private network, or to this machine
    UNREACHABLE = "unreachable"  # no name service, no route, refused, broken off
    BAD_CERTIFICATE = "bad-certificate"  # out of date, or made out to another name
    NO_TLS = "no-tls"  # any other reason why no secure connection came about
    NO_HTTP = "no-http"  # something answered, and it was not HTTP
    REDIRECTS = "redirects"  # more than are followed
    SLOW = "slow"


# Where a host has several addresses, the next one may do better.
_MAY_BE_ELSEWHERE = {ReplyKind.UNREACHABLE, ReplyKind.SLOW}


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of asking an address; `status` is HTTP's, when there was an answer.

    `moved_to` is the address that permanent redirects (301, 308) lead to, or None without any.
    """

    kind: ReplyKind
    status: int | None = None
    moved_to: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether a reader who follows the link finds something there."""
        return self.status is not None and self.status < 400


class Resolver(Protocol):
    """Finds the IP addresses of a host."""

    async def __call__(self, host: str, /) -> Sequence[IPAddress]:
        """The addresses of `host`, a name in ASCII or an address; raises socket.gaierror, or
        UnicodeError for what can be no name."""
        ...


async def resolve_by_system(host: str, /) -> Sequence[IPAddress]:
    """The addresses of `host` in the system's order of preference."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [ip_address(name[0]) for *_, name in found]


@dataclass(frozen=True, slots=True)
class FetchRules:
    """What may be asked, and for how long; times are in seconds.

    Whoever gives other rules than these opens a way into networks that are not public.
    """

    resolve: Resolver = resolve_by_system
    is_allowed: Callable[[IPAddress], bool] = is_public
    port: int = 443
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    time: float = 5
    time_to_connect: float = 2
    redirects: int = 2


class _NoAnswer(Exception):
    """The end of asking: there will be no answer."""

    def __init__(self, kind: ReplyKind) -> None:
        super().__init__(kind)
        self.kind = kind


class SafeFetcher:
    """Asks addresses of the web under rules; keeps nothing from one to the next."""

    def __init__(self, rules: FetchRules) -> None:
        self._rules = rules

    async def ask(self, address: str) -> Reply:
        """What a reader who follows `address` would find; whatever happens is a reply.

        Asks with HEAD, and with GET when that is answered with an error, as some servers do to HEAD
        alone. No body is read, and a head of 100 KB at most.
        """
        try:
            async with asyncio.timeout(self._rules.time):
                reply = await self._follow("HEAD", address)
                if reply.is_good or reply.status == _TOO_MANY_REQUESTS:
                    return reply
                return await self._follow("GET", address)
        except TimeoutError:
            return Reply(ReplyKind.SLOW)
        except _NoAnswer as end:
            return Reply(end.kind)

    async def _follow(self, method: str, address: str) -> Reply:
        url = _read(address)
        moved_to: str | None = None
        is_permanent = True
        for _ in range(self._rules.redirects + 1):
            response = await self._send(method, url)
            if not response.has_redirect_location:
                return Reply(ReplyKind.ANSWERED, response.status_code, moved_to)
            url = _redirected(url, response.headers["location"])
            is_permanent = is_permanent and response.status_code in _PERMANENT
            moved_to = str(url) if is_permanent else moved_to
        raise _NoAnswer(ReplyKind.REDIRECTS)

    async def _send(self, method: str, url: httpx2.URL) -> httpx2.Response:
        end = _NoAnswer(ReplyKind.UNREACHABLE)
        for address in await self._checked_addresses(url):
            try:
                return await self._send_to(address, method, url)
            except httpx2.TransportError as error:
                end = _NoAnswer(why_no_answer(error))
            if end.kind not in _MAY_BE_ELSEWHERE:
                break
        raise end

    async def _checked_addresses(self, url: httpx2.URL) -> Sequence[IPAddress]:
        if url.scheme != "https":
            raise _NoAnswer(ReplyKind.NO_HTTPS)
        if url.userinfo:
            raise _NoAnswer(ReplyKind.PASSWORD)
        if (url.port or 443) != self._rules.port:
            raise _NoAnswer(ReplyKind.OTHER_PORT)
        addresses = await self._resolve(_host(url))
        if not all(map(self._rules.is_allowed, addresses)):
            raise _NoAnswer(ReplyKind.NOT_PUBLIC)
        return addresses

    async def _resolve(self, host: str) -> Sequence[IPAddress]:
        try:
            return await self._rules.resolve(host)
        except UnicodeError:
            raise _NoAnswer(ReplyKind.NO_ADDRESS) from None
        except socket.gaierror as error:
            is_none = error.errno in _NO_SUCH_HOST
            raise _NoAnswer(ReplyKind.NO_SUCH_HOST if is_none else ReplyKind.UNREACHABLE) from None

    async def _send_to(self, address: IPAddress, method: str, url: httpx2.URL) -> httpx2.Response:
        # The host is named by the very address that was checked, so that nobody looks it up once
        # more and is told another one (DNS rebinding); Host and TLS have its name.
        request = httpx2.Request(
            method,
            url.copy_with(host=str(address), fragment=None),
            headers={"Host": url.netloc.decode("ascii"), "User-Agent": _USER_AGENT},
            extensions={
                "sni_hostname": _host(url),
                "timeout": {"connect": self._rules.time_to_connect},
            },
        )
        async with httpx2.AsyncHTTPTransport(verify=self._rules.tls, trust_env=False) as transport:
            response = await transport.handle_async_request(request)
            await response.aclose()
            return response


def _host(url: httpx2.URL) -> str:
    return url.raw_host.decode("ascii")


def _read(address: str) -> httpx2.URL:
    try:
        url = httpx2.URL(address)
    except (httpx2.InvalidURL, ValueError):
        raise _NoAnswer(ReplyKind.NO_ADDRESS) from None
    if not url.host:
        raise _NoAnswer(ReplyKind.NO_ADDRESS)
    return url


def _redirected(url: httpx2.URL, location: str) -> httpx2.URL:
    if len(location) > _LONGEST_ADDRESS:
        raise _NoAnswer(ReplyKind.NO_HTTP)
    try:
        return url.join(location)
    except (httpx2.InvalidURL, ValueError):
        raise _NoAnswer(ReplyKind.NO_HTTP) from None


def why_no_answer(error: httpx2.TransportError) -> ReplyKind:
    """What kind of no answer the error means."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError) and cause.verify_code in _PLAINLY_WRONG:
            return ReplyKind.BAD_CERTIFICATE
        if isinstance(cause, ssl.SSLError):
            return ReplyKind.NO_TLS
    if isinstance(error, httpx2.ProtocolError):
        return ReplyKind.NO_HTTP
    return ReplyKind.SLOW if isinstance(error, httpx2.TimeoutException) else ReplyKind.UNREACHABLE


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
