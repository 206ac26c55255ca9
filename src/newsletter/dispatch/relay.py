"""The relay as the settings name it: `relay.url` read once, then never a string again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias
from urllib.parse import SplitResult, unquote, urlsplit

from newsletter.domain.control_characters import CONTROL_CHARACTER, CONTROLS
from newsletter.domain.errors import BadInput
from newsletter.domain.hosts import is_loopback

_FORMS = (
    "Write smtp+starttls://user:password@host:587, smtps://user:password@host:465,"
    " smtp://127.0.0.1:25 (this machine only) or maildir:PATH."
)
_ESCAPES = "In a user or password write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25."
_MAILDIR = "maildir:"
_UNPRINTABLE = re.compile(f"[ {CONTROLS}]")
_LOOSE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Security(StrEnum):
    """How a conversation with the relay is protected; each value is the URL's scheme."""

    PLAIN = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


_DEFAULT_PORTS = {Security.PLAIN: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True, slots=True)
class Login:
    """Whom we sign in as. The password stays out of every repr, log and error (X13)."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SmtpRelay:
    """A server that takes mail over SMTP; `ca_file` holds the only certificates to trust if set."""

    security: Security
    host: str
    port: int
    login: Login | None = None
    ca_file: Path | None = None

    @property
    def address(self) -> str:
        """Host and port as a person writes them, without the login."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class MaildirRelay:
    """A folder on this machine that keeps the messages: nothing leaves."""

    folder: Path


Relay: TypeAlias = SmtpRelay | MaildirRelay


def parse_relay(url: str, *, ca_file: Path | None, folder: Path, where: str = "relay.url") -> Relay:
    """Reads a relay URL; a relative Maildir path is relative to `folder`.

    User and password are percent-decoded, a Maildir path is taken as it stands. Raises BadInput at
    `where`, the setting it is from; it never repeats the URL, since that may hold a password (X13).
    """
    try:
        return _read(url, ca_file, folder)
    except BadInput as fault:
        raise BadInput(fault.what, where=where, cure=fault.cure) from fault.__cause__


def _read(url: str, ca_file: Path | None, folder: Path) -> Relay:
    if url.startswith(_MAILDIR):
        return MaildirRelay(_maildir_path(url.removeprefix(_MAILDIR), folder))
    if _UNPRINTABLE.search(url):
        raise BadInput("the URL holds a space or a control character", cure=_ESCAPES)
    scheme, separator, _ = url.partition("://")
    if not separator or scheme not in set(Security):
        raise BadInput("the URL begins with no known scheme", cure=_FORMS)
    return _smtp_relay(Security(scheme), _parts(url), ca_file)


def _maildir_path(path: str, folder: Path) -> Path:
    if not path or "\0" in path:
        raise BadInput("maildir: names no folder", cure="Write maildir:data/outbox.")
    return folder / path


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError as error:  # brackets that hold no IPv6 address
        raise BadInput("the host cannot be read", cure=_FORMS) from error
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        # Most often a password with one of these characters in it, not a real path.
        raise BadInput("the URL goes on after host and port, with / or ? or #", cure=_ESCAPES)
    return parts


def _smtp_relay(security: Security, parts: SplitResult, ca_file: Path | None) -> SmtpRelay:
    host = parts.hostname
    if not host:
        raise BadInput("the URL names no host", cure=_FORMS)
    _check_name(host)
    login = _login(parts)
    if security is Security.PLAIN:
        _check_plain(host, login)
    return SmtpRelay(security, host, _port(parts) or _DEFAULT_PORTS[security], login, ca_file)


def _check_name(host: str) -> None:
    try:
        host.encode("idna")  # as asyncio will, when it looks the name up
    except UnicodeError:
        raise BadInput(f"{host} cannot be a host's name", cure=_FORMS) from None


def _check_plain(host: str, login: Login | None) -> None:
    """Refuses what must not cross a network unprotected: mail (A10) and passwords (A8)."""
    if not is_loopback(host):
        raise BadInput(
            f"smtp:// without TLS is only for this machine, not for {host}",
            cure="Write smtp+starttls:// (port 587) or smtps:// (port 465).",
        )
    if login is not None:
        raise BadInput(
            "a password is never sent without TLS",
            cure="Leave user and password out, or write smtp+starttls:// or smtps://.",
        )


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError as error:
        raise _bad_port() from error
    if port == 0:
        raise _bad_port()
    return port


def _bad_port() -> BadInput:
    return BadInput(
        "the port is not a number from 1 to 65535",
        cure=f"Write host:587, for instance. {_ESCAPES}",
    )


def _login(parts: SplitResult) -> Login | None:
    if parts.username is None:
        return None
    user, password = _decoded(parts.username), _decoded(parts.password or "")
    if not user or not password:
        raise BadInput("user and password go together, and one of them is missing", cure=_FORMS)
    return Login(user, password)


def _decoded(part: str) -> str:
    if _LOOSE_PERCENT.search(part):
        raise BadInput("a % in user or password stands alone", cure=_ESCAPES)
    try:
        text = unquote(part, errors="strict")
    except UnicodeDecodeError:
        # Without `from`: the error that Python raised holds the undecoded bytes of the password.
        raise BadInput("user or password is not UTF-8", cure=_ESCAPES) from None
    if CONTROL_CHARACTER.search(text):
        raise BadInput("user or password holds a control character")
    return text
