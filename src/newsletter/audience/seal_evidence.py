"""What the seal of an address says: why it was sealed, and why mail to it had been stopped before.

An address is sealed when whoever had it was erased, or has moved to another one: in either case
nothing is kept of it but that no list may bring it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from newsletter.domain.people import SuppressionReason

ERASED, MOVED = "erased", "moved away"

_REASON = re.compile(r"; was suppressed on \d{4}-\d\d-\d\d: ([a-z-]+)")


def sealed_on(
    at: datetime, before: Iterable[tuple[SuppressionReason, datetime]], *, why: str
) -> str:
    """The evidence of a seal made then, with the reasons that stood `before`, and since when."""
    return f"{why} on {at:%Y-%m-%d}" + "".join(suppressed_before(*one) for one in before)


def suppressed_before(reason: SuppressionReason, since: datetime) -> str:
    """What is added to the evidence of a seal for one reason."""
    return f"; was suppressed on {since:%Y-%m-%d}: {reason}"


def reasons_before(evidence: str) -> frozenset[SuppressionReason]:
    """The reasons that the evidence of a seal tells of."""
    told = set(_REASON.findall(evidence))
    return frozenset(one for one in SuppressionReason if one in told)
