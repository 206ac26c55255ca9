"""Claims: deliveries that one process answers for.

Apart from the ledger, which loads a database, since who writes messages needs none.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery that this process now answers for, with all that its message needs."""

    delivery_id: int
    handle: int
    address: str
    name: str
    language: str
    attempts: int


@dataclass(frozen=True, slots=True)
class ClaimedBatch:
    """What one look at the ledger gave: deliveries to attempt, and how many were skipped."""

    claims: tuple[Claim, ...]
    skipped: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is due any more."""
        return not self.claims and not self.skipped
