"""What a single setting may be: small readers whose ValueError says the cure in plain words."""

from __future__ import annotations

import re
from datetime import time, timedelta
from ipaddress import ip_network
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from newsletter.domain.attributes import ATTRIBUTE_NAME, RESERVED_NAMES
from newsletter.domain.errors import BadInput
from newsletter.domain.languages import is_language_tag
from newsletter.domain.quiet_hours import QuietHours
from newsletter.mail.addresses import parse_address

T = TypeVar("T")

_DURATION = re.compile(r"(\d{1,9})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST = {"s": 365 * 86_400, "m": 365 * 1440, "h": 365 * 24, "d": 365}
_RATE = re.compile(r"(\d{1,7})\s*/\s*([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_QUIET = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-3]):([0-5]\d)")
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_SELECTOR = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_LOCAL_PART_ROOM = 16
"""Longest local part that leaves room for `+` and a tag of 47 within 64 octets (M22)."""


def listed(value: object) -> object:
    """A comma-separated string, as the environment gives it, as a list; anything else as it is."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def networks(value: list[str]) -> list[str]:
    """IP addresses and networks, each in its plain form."""
    found = []
    for text in value:
        try:
            network = ip_network(text)
        except ValueError:
            raise ValueError(
                f'"{text}" is neither an IP address nor a network such as "10.0.0.0/8"'
            ) from None
        is_single = network.num_addresses == 1
        found.append(str(network.network_address if is_single else network))
    return found


def duration(value: object) -> object:
    """`30m`, `6h` or `3d` as a timedelta."""
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None or not int(match[1]):
        raise ValueError('write a number and a unit, such as "30m", "6h" or "3d"')
    if int(match[1]) > _LONGEST[match[2]]:
        raise ValueError("must be a year at most")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def rate(value: object) -> object:
    """`10/s`, `600/m`, `2000/h` or `20000/d` as messages in a second."""
    match = _RATE.fullmatch(value) if isinstance(value, str) else None
    if match is None or not int(match[1]):
        raise ValueError(
            'write a number of messages and a time, such as "10/s", "600/m" or "2000/h"'
        )
    return int(match[1]) / _SECONDS[match[2]]


def quiet_hours(value: object) -> object:
    """`22:00-07:00` as quiet hours."""
    if isinstance(value, QuietHours):
        return value
    match = _QUIET.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('write two times of day, such as "22:00-07:00"')
    begins, ends = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    if begins == ends:
        raise ValueError("begins and ends at the same time, so that nothing would ever be sent")
    return QuietHours(begins, ends)


def an_https_address(value: str) -> str:
    """An https origin or folder without a slash at its end, query or fragment."""
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError('must begin with https://, such as "https://news.example.org"')
    if not value.isascii():
        raise ValueError("must be plain ASCII: write a Welsh domain in its xn-- form")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("must be a plain address, without user, query or #")
    return value.rstrip("/")


def a_mail_address(value: str) -> str:
    """An address that mail can be written to, as it goes over the wire."""
    try:
        return parse_address(value).wire
    except BadInput as error:
        raise ValueError(error.what) from error


def a_tagged_address(value: str) -> str:
    """An address to whose local part a tag is added: `bounces+tag@example.org` (M22)."""
    address = a_mail_address(value)
    local = address.rpartition("@")[0]
    if len(local) > _LOCAL_PART_ROOM or "+" in local or not local.isascii():
        raise ValueError(
            f"the part before the @ may have at most {_LOCAL_PART_ROOM} plain characters and no +,"
            " since a tag of 47 characters is added to it"
        )
    return address


def a_domain(value: str) -> str:
    """A domain name in lower case."""
    if _HOST.fullmatch(value) is None:
        raise ValueError('must be a domain name in small letters, such as "news.example.org"')
    return value


def receiver_domains(value: dict[str, T]) -> dict[str, T]:
    """What is set for receivers by their domains, as deliveries name them: in small letters and
    A-labels."""
    found: dict[str, T] = {}
    for name, limits in value.items():
        try:
            domain = parse_address(f"reader@{name}").canonical.rpartition("@")[2]
        except BadInput:
            raise ValueError(
                f'"{name}" is no domain of mail addresses; write [receivers."gmail.com"]'
            ) from None
        if domain in found:
            raise ValueError(f"{domain} is there twice")
        found[domain] = limits
    return found


def a_selector(value: str) -> str:
    """A name under which a key stands in the DNS (RFC 6376 section 3.1)."""
    if _SELECTOR.fullmatch(value) is None:
        raise ValueError('must be small letters, digits and -, such as "news-2026-11"')
    return value


def languages(value: list[str]) -> list[str]:
    """One or more language tags, none twice."""
    if not value:
        raise ValueError('name at least one language, such as ["en", "cy"]')
    for tag in value:
        if not is_language_tag(tag):
            raise ValueError(f'"{tag}" is not a language tag; write it like "cy" or "en-GB"')
    if len(set(value)) != len(value):
        raise ValueError("a language is named twice")
    return value


def attribute_names(value: dict[str, T]) -> dict[str, T]:
    """Names that segments, merge values and columns of lists can say, and that mean nothing else
    there."""
    for name in value:
        if ATTRIBUTE_NAME.fullmatch(name) is None:
            raise ValueError(
                f'"{name}" cannot name an attribute: use at most 32 small letters, digits and _,'
                " a letter first"
            )
        if name in RESERVED_NAMES:
            raise ValueError(f"{name} is known of everybody and cannot be declared again")
    return value


def a_time_zone(value: str) -> str:
    """The name of a time zone that this machine knows."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError('is no time zone; write one such as "Europe/London"') from error
    return value


def host_and_port(value: str) -> tuple[str, int]:
    """`127.0.0.1:8000` or `[::1]:8000`, taken apart; raises ValueError for anything else."""
    parts = urlsplit(f"//{value}")
    try:
        port = parts.port
    except ValueError:
        port = None
    if not parts.hostname or not port or parts.path or parts.username:
        raise ValueError('write a host and a port, such as "127.0.0.1:8000"')
    return parts.hostname, port


def a_host_and_port(value: str) -> str:
    """A host and a port, as they are."""
    host_and_port(value)
    return value


def a_database_address(value: str) -> str:
    """The address of a database that this program can use: a file, or a PostgreSQL server."""
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError(
            'must begin with sqlite:/// or postgresql+psycopg://, such as "sqlite:///data/'
            'newsletter.db" or "postgresql+psycopg://user:password@host/name"'
        )
    return value
