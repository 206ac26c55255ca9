"""Notices: mail to one person about something that they asked for (design 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from newsletter.domain.deliveries import DeliveryState


class NoticeKind(StrEnum):
    """What a notice is about; each has a folder under `templates/email/transactional/`."""

    CONFIRM = "confirm"  # press the button, and you are on the list
    REMINDER = "reminder"  # of that, once, a day later
    WELCOME = "welcome"
    ON_LIST = "on-list"  # who signs up again and has all of it already
    MY_LINK = "my-link"
    ADDRESS_FROM = "address-from"  # to the old address of a change
    ADDRESS_TO = "address-to"  # to the new one
    ADDRESS_CHANGED = "address-changed"  # to the old one, when it is done
    MY_DATA = "my-data"
    ERASE = "erase"


class NoticeSkip(StrEnum):
    """Why a notice was not sent: it came too late, the address cannot be written (M12), or it wants
    no mail since."""

    EXPIRED = "expired"
    ADDRESS = "address"
    STOPPED = "stopped"


WAITING = (DeliveryState.PENDING, DeliveryState.DEFERRED, DeliveryState.SENDING)
"""The states of a notice that is still to be sent; those of a delivery, which it shares."""


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to be sent.

    `address` is as it was typed; `request_id` is the request that it answers, whose token it
    carries, None of one that only tells; `details` is JSON: what its words need (`topics`, slugs;
    `new_address`); `expires_at` is when it is of no use any more.
    """

    kind: NoticeKind
    address: str
    language: str
    expires_at: datetime
    request_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that somebody is about to send. `handle` is 64 random bits, in its Message-ID;
    `request_handle` is that of the request it answers, None where there is none; `asked_at` is when
    that was made, else when the notice was. `attempt` counts from 1."""

    id: int
    handle: int
    kind: NoticeKind
    address: str
    canonical: str
    language: str
    details: Mapping[str, Any]
    request_handle: int | None
    asked_at: datetime
    expires_at: datetime
    attempt: int
    first_attempt_at: datetime | None


@dataclass(frozen=True, slots=True)
class ComposedNotice:
    """The words of one notice in `language`, finished: the subject, and both bodies."""

    language: str
    subject: str
    text: str
    html: str
