"""What became of the deliveries to one receiver, or to several together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.domain.deliveries import DeliveryState


@dataclass(slots=True)
class Figures:
    """Deliveries by state; how many of those that failed are hard bounces (B3); how many of those
    that were accepted their readers complained of; when the last one was accepted, None when none
    was."""

    # A Counter takes ten times as long to make, and there are receivers by the ten thousand.
    counts: defaultdict[DeliveryState, int] = field(default_factory=lambda: defaultdict(int))
    hard: int = 0
    complaints: int = 0
    last_accepted_at: datetime | None = None

    def add(self, other: Figures) -> None:
        """Counts the other's deliveries in."""
        for state, number in other.counts.items():
            self.counts[state] += number
        self.hard += other.hard
        self.complaints += other.complaints
        self._accepted_at(other.last_accepted_at)

    def count(self, state: DeliveryState, number: int, last_at: datetime | None) -> None:
        """Counts so many more in, the last of which came to that state then."""
        self.counts[state] += number
        if state is DeliveryState.ACCEPTED:
            self._accepted_at(last_at)

    def _accepted_at(self, at: datetime | None) -> None:
        if at is not None and (self.last_accepted_at is None or at > self.last_accepted_at):
            self.last_accepted_at = at

    @property
    def number(self) -> int:
        """How many deliveries these are, of all states."""
        return sum(self.counts.values())

    @property
    def accepted(self) -> int:
        """How many were accepted."""
        return self.counts[DeliveryState.ACCEPTED]

    @property
    def answered(self) -> int:
        """How many have an answer for good: accepted or failed."""
        return self.accepted + self.counts[DeliveryState.FAILED]

    @property
    def accepted_percent(self) -> float | None:
        """How many of a hundred were accepted; None of nothing."""
        return 100 * self.accepted / self.number if self.number else None


def total(several: Iterable[Figures]) -> Figures:
    """All of these together."""
    summed = Figures()
    for one in several:
        summed.add(one)
    return summed


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of the mail of one edition, or of several together: at each receiver, by its
    domain, and in all. The total has more than the receivers: of some nobody knows where it went.
    """

    receivers: Mapping[str, Figures]
    total: Figures


def together(standings: Sequence[Standing]) -> Standing:
    """The mail of all of these."""
    if len(standings) == 1:
        return standings[0]  # as nearly always; there may be receivers by the ten thousand
    receivers: defaultdict[str, Figures] = defaultdict(Figures)
    summed = Figures()
    for standing in standings:
        summed.add(standing.total)
        for name, figures in standing.receivers.items():
            receivers[name].add(figures)
    return Standing(receivers, summed)
