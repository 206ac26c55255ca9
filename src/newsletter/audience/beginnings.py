"""How somebody came onto the list: which line of the ledger a subscription began with.

Later lines may make it active without telling that: a pause was over, a departure was taken back,
an import was undone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.domain.people import Consent, ConsentSource, SubscriptionStatus

_GOING_ON = (ConsentSource.PAUSE_OVER, ConsentSource.LEAVING_UNDONE, ConsentSource.IMPORT_UNDONE)
_GETTING = (SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED)
_THERE = (SubscriptionStatus.PENDING, *_GETTING)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The line that the subscription began with, and the one that has the words that the person
    was shown, None when nobody knows them: who signs up reads them first and confirms later."""

    line: Consent
    told: Consent | None


def beginning(lines: Iterable[Consent]) -> Beginning | None:
    """What a subscription last began with, by all lines about it, the oldest first; None when the
    person never had it."""
    found: Beginning | None = None
    before: SubscriptionStatus | None = None
    for line in lines:
        if line.status in _THERE and (found is None or not _goes_on(line, before)):
            found = Beginning(line, _told(line, before, found))
        before = line.status
    return found


def _goes_on(line: Consent, before: SubscriptionStatus | None) -> bool:
    """Whether the line only lets something go on, or rest, that the person had."""
    if line.source.startswith(_GOING_ON):  # the undoing of an import says of which one
        return True
    is_pause = line.status is SubscriptionStatus.PAUSED
    return before in _GETTING and (is_pause or line.source == ConsentSource.PREFERENCES_PAGE)


def _told(
    line: Consent, before: SubscriptionStatus | None, earlier: Beginning | None
) -> Consent | None:
    asked = earlier.told if earlier and before is SubscriptionStatus.PENDING else None
    if asked is not None and line.wording in (None, asked.wording):
        return asked
    return line if line.wording is not None else None
