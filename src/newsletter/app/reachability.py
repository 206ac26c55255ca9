"""Whether readers will reach what a mail points to: looked at before any of it is sent (design 6).

A mail cannot be called back. If the public pages do not answer, or answer from other keys or
another database, thousands of readers see no pictures and cannot leave.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

import httpx2
from sqlalchemy import Connection, select

from newsletter import __version__
from newsletter.app.safe_fetching import ReplyKind, why_no_answer
from newsletter.app.workspace import Workspace
from newsletter.audience.topics import topic
from newsletter.domain.errors import SurroundingsFailed
from newsletter.domain.hosts import is_reserved_example
from newsletter.domain.people import SubscriptionStatus
from newsletter.domain.stored_editions import Snapshot, StoredEdition
from newsletter.editions import snapshots
from newsletter.mail.page_links import one_click_address
from newsletter.storage.engine import reading
from newsletter.storage.schema import subscribers, subscriptions
from newsletter.tokens.tokens import Purpose

_PATIENCE = 10.0
"""Seconds for each step of asking: to connect, to send, to be answered."""

_USER_AGENT = f"newsletter/{__version__} (looks whether readers reach the site before sending)"
_PICTURE = re.compile(r'src="(https://[^"]+/[0-9a-f]{32}\.[a-z]+)"')
"""A published picture is called by the digest of its content."""

_NO_ANSWER: Mapping[ReplyKind, str] = MappingProxyType(
    {
        ReplyKind.SLOW: f"does not answer within {_PATIENCE:.0f} seconds",
        ReplyKind.BAD_CERTIFICATE: "has a certificate that is out of date or of another name",
        ReplyKind.NO_TLS: "has a certificate that this machine does not trust, or no TLS at all",
        ReplyKind.NO_HTTP: "does not answer as a web server does",
        ReplyKind.UNREACHABLE: "cannot be reached: there is no such host, or nothing listens there",
    }
)
_SKIP = "Mend it, then send again; `--skip-reachability` sends without this look."


@dataclass(frozen=True, slots=True)
class _Point:
    """What is asked for; `shown` is its address without a reader's token."""

    what: str
    address: str
    shown: str
    cure: str
    must_be_picture: bool = False


def check_reachable(
    workspace: Workspace, stored: StoredEdition, *, tls: ssl.SSLContext | None = None
) -> None:
    """Raises SurroundingsFailed, with the cure, unless readers can reach the edition's pages.

    Asks for one picture of the approved edition and for the page on which one active reader of its
    topic would unsubscribe; asking changes nothing. Certificates are judged by `tls`, as the system
    does if not given. Asks for nothing on hosts that are only examples, or of an edition that
    nobody has approved.
    """
    if _is_example(workspace.settings.site.base_url):
        return
    rules = tls or ssl.create_default_context()
    for point in list(_points(workspace, stored)):
        fault = None if _is_example(point.address) else _fault(point, rules)
        if fault is not None:
            raise SurroundingsFailed(
                f"{point.what} {fault}", where=point.shown, cure=f"{point.cure} {_SKIP}"
            )


def _points(workspace: Workspace, stored: StoredEdition) -> Iterator[_Point]:
    with reading(workspace.engine) as connection:
        snapshot = snapshots.current(connection, stored)
        its_topic = topic(connection, stored.topic)
        handle = _any_reader(connection, its_topic.id)
    if snapshot is None:
        return
    picture = _any_picture(snapshot)
    if picture is not None:
        yield _picture_point(picture)
    if handle is not None:
        ids = {"handle": handle, "topic": its_topic.public_id, "edition": stored.public_id}
        token = workspace.tokens.token(Purpose.UNSUBSCRIBE, **ids)
        # Where the mails lead to, and where settings say that the site is since.
        for base_url in dict.fromkeys((_base_url(snapshot), workspace.settings.site.base_url)):
            yield _page_point(one_click_address(base_url), token)


def _picture_point(address: str) -> _Point:
    return _Point(
        what="a picture of the edition",
        address=address,
        shown=address,
        cure="Readers would see no pictures. See that `newsletter serve` runs, and that the web"
        " server before it passes on what is below site.media_url.",
        must_be_picture=True,
    )


def _page_point(address: str, token: str) -> _Point:
    return _Point(
        what="the page for unsubscribing",
        address=address + token,
        shown=f"{address}…",
        cure="Readers could not leave. See that `newsletter serve` runs with the keys and the"
        " database of this workspace, and that the web server before it passes on all below"
        " site.base_url as it is, without a redirect.",
    )


def _any_reader(connection: Connection, topic_id: int) -> int | None:
    """The handle of an active subscriber, whoever is found first."""
    query = (
        select(subscribers.c.handle)
        .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        .where(
            subscriptions.c.topic_id == topic_id,
            subscriptions.c.status == SubscriptionStatus.ACTIVE,
        )
        .limit(1)
    )
    return connection.execute(query).scalar()


def _any_picture(snapshot: Snapshot) -> str | None:
    for pieces in snapshot.pages.values():
        for piece in pieces:
            found = _PICTURE.search(piece) if isinstance(piece, str) else None
            if found is not None:
                return found[1]
    return None


def _base_url(snapshot: Snapshot) -> str:
    message = next(iter(snapshot.messages.values()))
    return str(message["facts"]["base_url"])


def _fault(point: _Point, tls: ssl.SSLContext) -> str | None:
    """What is wrong with the answer, or None. Nothing is logged: the address holds a token."""
    steps = dict.fromkeys(("connect", "read", "write", "pool"), _PATIENCE)
    request = httpx2.Request(
        "GET",
        point.address,
        headers={"User-Agent": _USER_AGENT},
        extensions={"timeout": steps},
    )
    # The transport alone, not the client: no redirects, cookies or proxies, and no line in a log.
    with httpx2.HTTPTransport(verify=tls, trust_env=False) as transport:
        try:
            response = transport.handle_request(request)
        except httpx2.TransportError as error:
            return _NO_ANSWER[why_no_answer(error)]
        response.close()
    return _fault_of(response, must_be_picture=point.must_be_picture)


def _fault_of(response: httpx2.Response, *, must_be_picture: bool) -> str | None:
    if response.has_redirect_location:
        return f"answers with a redirect ({response.status_code})"
    if response.status_code != httpx2.codes.OK:
        return f"answers with the status {response.status_code}"
    kind = response.headers.get("content-type", "nothing")
    if must_be_picture and not kind.startswith("image/"):
        return f"is no picture, but {kind}"
    return None


def _is_example(address: str) -> bool:
    return is_reserved_example(urlsplit(address).hostname or "")
