"""Claims: deliveries that one process answers for.

Apart from the ledger, which loads a database, since who writes messages needs none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.domain.attributes import AttributeValue
from newsletter.domain.people import MailFormat


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery that this process now answers for, with all that its message needs.

    `attempt` is the number of this attempt, from 1; `first_attempt_at` is when the first one began,
    None when this is it. `receiver` is the domain of the address, in small letters and A-labels.
    `language`, `variant` and `format` are those of the freeze; `name`, `attributes` and `epoch` (of
    the links to the preferences) are what is known of the person now.
    """

    delivery_id: int
    handle: int
    address: str
    name: str
    receiver: str
    language: str
    attempt: int
    variant: str = ""
    format: MailFormat = MailFormat.HTML
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    first_attempt_at: datetime | None = None
    epoch: int = 0

    @property
    def key(self) -> tuple[int, int]:
        """What the journal calls it: the delivery and the number of the attempt."""
        return self.delivery_id, self.attempt


@dataclass(frozen=True, slots=True)
class ClaimedBatch:
    """What one look at the ledger gave: deliveries to attempt, and how many were skipped."""

    claims: tuple[Claim, ...]
    skipped: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is due any more."""
        return not self.claims and not self.skipped
