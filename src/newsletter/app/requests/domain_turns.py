"""How many confirmations the mailboxes of one domain get in a time (T14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection

from newsletter.audience.requests.counting import confirmations_by_domain

_HOUR = 3600


class DomainTurns:
    """Counts them, from what was mailed before; `rate` is how many a second may be.

    Two processes that look at requests at the same time may go beyond it by what both have in
    hands.
    """

    def __init__(self, connection: Connection, rate: float, at: datetime) -> None:
        # Whole ones in an hour, or in as long as one takes.
        seconds = max(_HOUR, 1 / rate)
        self._most = round(rate * seconds)
        self._mailed: Counter[str] = confirmations_by_domain(
            connection, at - timedelta(seconds=seconds)
        )

    @property
    def over(self) -> Collection[str]:
        """The domains that get no more for now."""
        return [domain for domain, number in self._mailed.items() if number >= self._most]

    def is_over(self, canonical: str) -> bool:
        """Whether the domain of that address gets no more for now."""
        return self._mailed[_domain(canonical)] >= self._most

    def count(self, canonical: str) -> None:
        """Counts one more."""
        self._mailed[_domain(canonical)] += 1


def _domain(canonical: str) -> str:
    return canonical.rpartition("@")[2]
