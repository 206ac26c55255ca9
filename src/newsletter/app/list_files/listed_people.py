"""What a row of a list comes to: a person, a row to pass over, or a row that cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from newsletter.domain.attributes import AttributeValue
from newsletter.domain.list_standings import Standing
from newsletter.domain.people import Basis, MailFormat, SuppressionReason
from newsletter.mail.addresses import EmailAddress

_NO_ATTRIBUTES: Mapping[str, AttributeValue | None] = MappingProxyType({})


class Rejected(Exception):
    """A row that cannot be used; the message says why, for the person who mends the file."""


class SkippedRow(NamedTuple):
    """A row that says, by itself, that its person is not to be brought in; `reason` is for staff.

    `line` is where the row begins, counted from 1.
    """

    line: int
    reason: str


class ListedPerson(NamedTuple):
    """A person as one row of a list tells of them.

    None says that the list is silent: there is no such column, or a subscribed person's cell is
    empty. For who is unsubscribed or suppressed an empty cell says that there is nothing: "" as the
    name, None as the value of an attribute, the site's first language, HTML. So it does not matter
    which of two lists comes first.

    `since` is when the person came to their `standing`, an aware instant; `evidence` is what shows
    it, "" when nothing does; `suppression` is there when the standing is suppressed, and only then;
    `beside` is then what becomes of the subscription, None for nothing, and `joined` when they had
    subscribed, if the list tells;
    `attributes` has no key for what the list is silent about.
    """

    line: int
    address: EmailAddress
    standing: Standing
    evidence: str = ""
    suppression: SuppressionReason | None = None
    beside: Standing | None = None
    since: datetime | None = None
    joined: datetime | None = None
    name: str | None = None
    language: str | None = None
    format: MailFormat | None = None
    attributes: Mapping[str, AttributeValue | None] = _NO_ATTRIBUTES
    basis: Basis | None = None
    source: str | None = None
    wording: str | None = None
    ip: str | None = None
