"""Deliveries: one edition to one subscriber, at most one row, whatever happens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where one delivery stands. `accepted` means that the server answered 250, no more."""

    PENDING = "pending"
    SENDING = "sending"
    DEFERRED = "deferred"
    ACCEPTED = "accepted"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class SkipReason(StrEnum):
    """Why a delivery was not attempted."""

    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"
    PAUSED = "paused"
    ERASED = "erased"
    CANCELLED = "cancelled"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What SMTP is told: who to answer to (VERP, M22) and the one recipient (M11).

    `recipient` is ready for the wire: its domain is in A-labels; `needs_smtputf8` is true when its
    local part is not ASCII (M13).
    """

    sender: str
    recipient: str
    needs_smtputf8: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attempt came to.

    `state` is accepted, deferred, failed or unknown; `code` is the SMTP reply code, None when no
    reply came; `enhanced` is the RFC 3463 code (`5.1.1`) or None; `reply` is the server's text, or
    our own words when the server said nothing. `refuses_us` says that the server refused the
    sender, before it heard of any reader.
    """

    state: DeliveryState
    code: int | None
    enhanced: str | None
    reply: str
    refuses_us: bool = False
