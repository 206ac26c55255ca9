"""Arrivals: what somebody, a list or a form wants the list to hold of one person.

They are tuples with names, since an import makes a million of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from newsletter.domain.attributes import AttributeValue
from newsletter.domain.people import (
    Basis,
    MailFormat,
    SubscriptionStatus,
    SuppressionReason,
    Wording,
)

_NO_ATTRIBUTES: Mapping[str, AttributeValue | None] = MappingProxyType({})


class Facts(NamedTuple):
    """What is said of a person. None says nothing, and what is known stays; an attribute that is
    None is taken away."""

    name: str | None = None
    language: str | None = None
    format: MailFormat | None = None
    attributes: Mapping[str, AttributeValue | None] = _NO_ATTRIBUTES


class Wish(NamedTuple):
    """A subscription as the arrival wants it, and why: what becomes a line of the ledger (L1);
    `resumes_at` is when a pause is over."""

    topic_id: int
    status: SubscriptionStatus
    basis: Basis
    since: datetime
    source: str
    wording: Wording | None = None
    ip: str | None = None
    resumes_at: datetime | None = None


class HistoryLine(NamedTuple):
    """A line of the ledger that another database wrote; `status` None took a subscription away."""

    topic_id: int
    status: SubscriptionStatus | None
    basis: Basis
    source: str
    wording: Wording | None
    actor: str
    ip: str | None
    at: datetime


class Suppressing(NamedTuple):
    """That the address is not to be mailed from now on, whatever else is wanted."""

    reason: SuppressionReason
    evidence: str
    at: datetime


class Arrival(NamedTuple):
    """One person, with what is said of them and which subscriptions they should have.

    `address` is as it was typed. `history` is None but for people from another database of ours,
    whose ledger comes with them, line by line, as do their `handle` and `epoch`. `is_final` says
    that the facts are those of somebody who is gone: what is blank there is blanked here, so that
    lists give the same state in whatever order they come.
    """

    address: str
    canonical: str
    facts: Facts
    wishes: tuple[Wish, ...]
    suppressing: Suppressing | None = None
    is_final: bool = False
    history: tuple[HistoryLine, ...] | None = None
    handle: int | None = None
    created_at: datetime | None = None
    epoch: int = 0
