"""How often something may be done: a bucket of which each time takes a token, and that fills up
again at a steady pace (the generic cell rate algorithm).

A bucket is one number, the instant at which it is full again, in seconds since 1970; one that is
full need not be kept.
"""

from __future__ import annotations

from dataclasses import dataclass

_SPAN = 3600.0
_ROUNDING = 1e-3
"""Seconds; the sums of a whole hour's tokens are off by far less."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """`rate` times in a second, and as many in one go as come in an hour, but always one."""

    rate: float

    def taken(self, full_at: float, now: float) -> float:
        """When the bucket is full again after one more token was taken of it."""
        return self._full_at(full_at, now) + 1 / self.rate

    def wait(self, full_at: float, now: float) -> float:
        """How many seconds it takes until there is a token in the bucket; 0 when there is one."""
        too_late = self.taken(full_at, now) - now - self._span
        return too_late if too_late > _ROUNDING else 0.0

    @property
    def _span(self) -> float:
        """How long an empty bucket takes to be full."""
        return max(_SPAN, 1 / self.rate)

    def _full_at(self, full_at: float, now: float) -> float:
        # Of a clock that was put back, or a rate that was raised, nobody is shut out for longer.
        return min(max(full_at, now), now + self._span)
