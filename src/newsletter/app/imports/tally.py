"""What became of the rows of a list: counts, reasons, and the first few of each to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from newsletter.audience.import_records import OUTCOMES
from newsletter.audience.judging import Decision, Joined, Reason

SHOWN = 20
"""Rows of each outcome that are kept to be looked at."""

_COUNTED_AS = {
    Joined.ADDED: "added",
    Joined.UPDATED: "updated",
    Joined.UNCHANGED: "unchanged",
    Joined.HAS_LEFT: "skipped",
    Joined.SUPPRESSED: "skipped",
}


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one row: its line in the file, the address or "", and why."""

    line: int
    outcome: str
    address: str
    reasons: tuple[Reason, ...]

    @property
    def why(self) -> str:
        """The reasons in words, on one line."""
        return "; ".join(f"{reason.label} {reason.detail}".strip() for reason in self.reasons)


Watcher: TypeAlias = Callable[[Row], object]
"""Called with every row whose fate is known."""


def nobody(row: Row) -> None:
    """Watches nothing."""


@dataclass(slots=True)
class Tally:
    """Counts every row once; their sum is what was read."""

    watch: Watcher = nobody
    counts: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(
        default_factory=lambda: {outcome: Counter() for outcome in OUTCOMES}
    )
    shown: dict[str, list[Row]] = field(
        default_factory=lambda: {outcome: [] for outcome in OUTCOMES}
    )

    def decided(self, line: int, address: str, decision: Decision) -> None:
        """Counts a person of whom the database knew what comes."""
        outcome = _COUNTED_AS[decision.joined]
        if self._is_like_many(outcome, decision):
            self.counts[outcome] += 1
        else:
            self.count(Row(line, outcome, address, decision.reasons))

    def _is_like_many(self, outcome: str, decision: Decision) -> bool:
        # Of a million people who are added, all but the first few are a number.
        is_shown = len(self.shown[outcome]) < SHOWN
        return not (is_shown or decision.reasons or self.watch is not nobody)

    def skipped(self, line: int, address: str, reason: str) -> None:
        """Counts a row that is passed over."""
        self.count(Row(line, "skipped", address, (Reason(reason),)))

    def rejected(self, line: int, reason: str) -> None:
        """Counts a row that cannot be used; `reason` is on one line."""
        self.count(Row(line, "rejected", "", (Reason(reason),)))

    def count(self, row: Row) -> None:
        """Counts a row, and its reasons."""
        self.counts[row.outcome] += 1
        if row.outcome != "rejected":  # their reasons hold what is in the row
            self.reasons[row.outcome].update(reason.label for reason in row.reasons)
        if len(self.shown[row.outcome]) < SHOWN:
            self.shown[row.outcome].append(row)
        self.watch(row)

    def all_counts(self) -> dict[str, int]:
        """The number of each outcome, those without any included."""
        return {outcome: self.counts[outcome] for outcome in OUTCOMES}


def counts_of(decisions: Sequence[Decision]) -> Counter[str]:
    """How many of these decisions count as what."""
    return Counter(_COUNTED_AS[decision.joined] for decision in decisions)
