"""What people ask for on the public pages and confirm by a link in their mailbox (T3, T12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from newsletter.domain.people import Wording


class RequestKind(StrEnum):
    """What is asked for.

    A change of address is two requests, since it is confirmed at both ends. `my-link` wants nothing
    but the mail itself.
    """

    SIGN_UP = "sign-up"
    MY_LINK = "my-link"
    ADDRESS_FROM = "address-from"
    ADDRESS_TO = "address-to"
    MY_DATA = "my-data"
    ERASE = "erase"


class RequestOutcome(StrEnum):
    """What came of looking at a request; nobody outside learns which (T13).

    `mailed`: a link went out. `on-list`: who signs up has all of it already, and gets their link.
    The rest gets no mail: `limited` (T14), `stopped` (the address wants no mail, or staff said so),
    `nobody` (a link for an address that is not on the list), `expired` before it was looked at.
    """

    MAILED = "mailed"
    ON_LIST = "on-list"
    LIMITED = "limited"
    STOPPED = "stopped"
    NOBODY = "nobody"
    EXPIRED = "expired"


class LeavingReason(StrEnum):
    """Why somebody left, in the words of a list to choose from."""

    TOO_OFTEN = "too-often"
    NOT_RELEVANT = "not-relevant"
    NEVER_ASKED = "never-asked"
    HARD_TO_READ = "hard-to-read"
    OTHER = "other"


LIFE: Mapping[RequestKind, timedelta] = {
    RequestKind.SIGN_UP: timedelta(days=7),
    RequestKind.MY_LINK: timedelta(days=1),
    RequestKind.ADDRESS_FROM: timedelta(hours=1),
    RequestKind.ADDRESS_TO: timedelta(hours=1),
    RequestKind.MY_DATA: timedelta(hours=1),
    RequestKind.ERASE: timedelta(hours=1),
}
"""How long after it was asked for a request may be confirmed (T3)."""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What somebody asks for, as the page took it in.

    `address` is as it was typed and known to be one; `details` is JSON: `topics` (slugs) of a
    sign-up, `new_address` and `old_address` of a change of address; `wording` is what stood on the
    page; `source` says which page it was; `ip` is where it came from.
    """

    kind: RequestKind
    address: str
    language: str
    source: str
    wording: Wording | None = None
    ip: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is on record. `handle` is 64 random bits, which its token names."""

    id: int
    handle: int
    kind: RequestKind
    address: str
    canonical: str
    language: str
    details: Mapping[str, Any]
    wording: Wording | None
    source: str
    ip: str | None
    asked_at: datetime
    expires_at: datetime
    outcome: RequestOutcome | None
    settled_at: datetime | None
