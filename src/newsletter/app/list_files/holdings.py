"""What a column of a list may hold, and what a word in its column of statuses may mean."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from newsletter.domain.list_standings import Standing
from newsletter.domain.people import SuppressionReason


class Holds(StrEnum):
    """What a column holds beside an attribute; the values are the names in a mapping file.

    `since` is when the person came to where they stand, `joined` when somebody who is not to be
    mailed any more had subscribed; `attributes` are all attributes as one JSON object; `campaign`,
    `campaign_id`, `reason` and `remark` tell of a departure, and `suppression` why an address is
    suppressed.
    """

    EMAIL = "email"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    LANGUAGE = "language"
    FORMAT = "format"
    TOPIC = "topic"
    STATUS = "status"
    BASIS = "basis"
    SOURCE = "source"
    WORDING = "wording"
    SINCE = "since"
    JOINED = "joined"
    IP = "ip"
    ATTRIBUTES = "attributes"
    SUPPRESSION = "suppression"
    CAMPAIGN = "campaign"
    CAMPAIGN_ID = "campaign_id"
    REASON = "reason"
    REMARK = "remark"


class Verdict(NamedTuple):
    """What a row says of its person: a standing, or a reason to pass the row over.

    `suppression` is there when the standing is suppressed, `evidence` says what shows it, and
    `beside` what becomes of the subscription: subscribed for who cannot be reached and has not
    left, unsubscribed for who objected, None when the row does not speak of the topic.
    """

    standing: Standing | None
    suppression: SuppressionReason | None = None
    evidence: str = ""
    skipped: str = ""
    beside: Standing | None = None


SUBSCRIBED = Verdict(Standing.SUBSCRIBED)
PENDING = Verdict(Standing.PENDING)
PAUSED = Verdict(Standing.PAUSED)
UNSUBSCRIBED = Verdict(Standing.UNSUBSCRIBED)


_OBJECTIONS = (SuppressionReason.COMPLAINT, SuppressionReason.REQUEST)
"""Reasons that are a person's own word, and so outlast the suppression."""


def suppressed(reason: SuppressionReason, evidence: str) -> Verdict:
    """The verdict on an address that is not to be mailed, with what shows it."""
    beside = Standing.UNSUBSCRIBED if reason in _OBJECTIONS else Standing.SUBSCRIBED
    return Verdict(Standing.SUPPRESSED, reason, evidence, beside=beside)


def passed_over(reason: str) -> Verdict:
    """The verdict on a row whose person is not brought in, for a reason that staff read."""
    return Verdict(None, skipped=reason)
