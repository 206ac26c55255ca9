"""Which rates get a sender into trouble, and of how many mails a rate says anything (A6, B7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Measure(StrEnum):
    """What is counted."""

    HARD_BOUNCES = "hard_bounces"
    COMPLAINTS = "complaints"


class Level(StrEnum):
    """What a rate comes to: of too `few` mails to say, `fine`, to be looked into (`warn`), or
    `over` what receivers put up with."""

    FEW = "few"
    FINE = "fine"
    WARN = "warn"
    OVER = "over"


_WHOLE = 10_000
"""Rates are compared as whole numbers of cases in so many mails, which are exact."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """From how many cases in 10,000 mails on a rate is to be looked into, and from how many it is
    over; `fewest` is from how many mails on one receiver is judged by itself."""

    warn: int
    over: int
    fewest: int

    @property
    def warn_percent(self) -> float:
        """From which rate on it is to be looked into, in a hundred mails."""
        return self.warn * 100 / _WHOLE

    @property
    def over_percent(self) -> float:
        """From which rate on it is over, in a hundred mails."""
        return self.over * 100 / _WHOLE


THRESHOLDS: Mapping[Measure, Threshold] = MappingProxyType(
    {
        # Gmail's guidelines for senders: below 0.10 %, and never 0.30 %; Yahoo's name the second
        # (A6). Of less than 1,000 mails a single complaint is more than the first.
        Measure.COMPLAINTS: Threshold(warn=10, over=30, fewest=1000),
        # 2 % is convention, no receiver publishes one; at 5 % of the first 200 a run stops (B7).
        Measure.HARD_BOUNCES: Threshold(warn=200, over=500, fewest=200),
    }
)

FEWEST_CASES = 3
"""No rate is over by fewer cases than these, which are 0.30 % of 1,000: one angry reader of a small
list stops nothing."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many cases of one kind, among so many mails."""

    measure: Measure
    number: int
    of: int

    @property
    def percent(self) -> float | None:
        """Cases in a hundred mails; None when there were no mails."""
        return 100 * self.number / self.of if self.of else None

    def level(self, *, is_total: bool) -> Level:
        """What the rate comes to. That of all receivers together (`is_total`) is always judged,
        that of one of them only when enough mails went there."""
        threshold = THRESHOLDS[self.measure]
        if not self.of or (self.of < threshold.fewest and not is_total):
            return Level.FEW
        if self.number >= FEWEST_CASES and self._reaches(threshold.over):
            return Level.OVER
        return Level.WARN if self._reaches(threshold.warn) else Level.FINE

    def _reaches(self, cases: int) -> bool:
        return self.number * _WHOLE >= cases * self.of
