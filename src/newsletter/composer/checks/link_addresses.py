"""Where links lead: link-http, -mailto, -tel, -example, -internal and -shortener."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from newsletter.composer.checks.author_links import AuthorLink
from newsletter.composer.findings.findings import FindingList
from newsletter.domain.errors import BadAddress
from newsletter.domain.hosts import is_loopback
from newsletter.mail.addresses import parse_address

_EXAMPLE = re.compile(r"(?:.+\.)?example\.(?:com|net|edu)")
_DOCUMENTATION = frozenset({"example.org", "www.example.org"})
"""What our own documentation writes where an author's address goes. Names below it stand for sites
in our samples, as do all under `.example`."""

_NETWORK = re.compile(
    r"[^.]+|.+\.(?:local|localdomain|internal|intranet|private|corp|lan|home|home\.arpa)"
    r"|(?:.+\.)?intranet\..+"
)
_SHORTENERS = frozenset(
    (
        *("adf.ly", "amzn.to", "bit.do", "bit.ly", "bitly.com", "bl.ink", "buff.ly", "cutt.ly"),
        *("dlvr.it", "fb.me", "goo.gl", "is.gd", "j.mp", "lnkd.in", "ow.ly", "qrco.de", "rb.gy"),
        *(
            "rebrand.ly",
            "s.id",
            "short.io",
            "shorturl.at",
            "t.co",
            "t.ly",
            "tiny.cc",
            "tinyurl.com",
        ),
        *("trib.al", "v.gd", "wp.me"),
    )
)
_MAIL_HEADERS = frozenset({"subject", "body"})
_DIALLED = re.compile(r"tel:\+?[().*#-]*\d(?:[().*#-]*\d)+[)*#]*(?:;.+)?", re.IGNORECASE)
_BRACES = re.compile("[{}]")
"""What may stand in an address, but is meant as a merge value, which this is no place for."""

_LINE_BREAK = re.compile(r"[\r\n]|%0[ad]", re.IGNORECASE)
_BODY = re.compile(r"(?<=[?&])body=[^&]*", re.IGNORECASE)


def check_link_addresses(links: Iterable[AuthorLink], findings: FindingList) -> None:
    """Look over each address, whether the mail shows the link or not."""
    for link in links:
        scheme = link.address.partition(":")[0].lower()
        if scheme == "mailto":
            _check_mailto(link, findings)
        elif scheme == "tel" and not _DIALLED.fullmatch(unquote(link.address)):
            findings.add("link-tel", "number", link.place, url=unquote(link.address))
        elif scheme in ("http", "https"):
            _check_web(link, scheme, findings)


def host_of(address: str) -> str:
    """The host of a web address in small letters, "" when there is none to be read."""
    parts = _parts(address)
    return (parts.hostname or "").rstrip(".") if parts else ""


def _parts(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:  # a bracket left open
        return None


def _check_web(link: AuthorLink, scheme: str, findings: FindingList) -> None:
    broken = list(_rules_broken_by(host_of(link.address)))
    if scheme == "http" and not any(rule == "link-internal" for rule, _ in broken):
        broken.append(("link-http", "http"))
    for rule, case in broken:
        findings.add(rule, case, link.place, url=link.address)


def _rules_broken_by(host: str) -> Iterable[tuple[str, str]]:
    if _EXAMPLE.fullmatch(host):
        yield "link-example", "example"
    elif host in _DOCUMENTATION:
        yield "link-example", "documentation"
    elif host.removeprefix("www.") in _SHORTENERS:
        yield "link-shortener", "shortened"
    elif is_loopback(host) or host.endswith(".localhost"):
        yield "link-internal", "this-machine"
    elif _NETWORK.fullmatch(host) or _is_private(host):
        yield "link-internal", "network"


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False


def _is_mailbox(text: str) -> bool:
    try:
        parse_address(text)
    except BadAddress:
        return False
    return not _BRACES.search(text)


def _check_mailto(link: AuthorLink, findings: FindingList) -> None:
    mailboxes = unquote(link.address.partition("?")[0].partition(":")[2])
    if _LINE_BREAK.search(_BODY.sub("", link.address)):
        findings.add("link-mailto", "line-break", link.place, url=link.address)
    # None at all is a message that the reader addresses: to a friend, say.
    elif mailboxes and not all(map(_is_mailbox, mailboxes.split(","))):
        findings.add("link-mailto", "address", link.place, url=unquote(link.address))
    for name, _ in parse_qsl(link.address.partition("?")[2], keep_blank_values=True):
        if name.lower() not in _MAIL_HEADERS:
            findings.add("link-mailto", "header", link.place, url=link.address, header=name)
