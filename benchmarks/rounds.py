"""CPU seconds of candidates whose rounds take turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import process_time


@dataclass(frozen=True, slots=True)
class Rounds:
    """How many rounds, how often the work is done in each, and how often before the first."""

    count: int
    times: int
    warm_up: int


MANY = Rounds(count=30, times=2, warm_up=5)
"""For what has a target."""

FEW = Rounds(count=6, times=2, warm_up=5)
"""For what is only to be seen."""

Candidate = Callable[[int], float]
"""Does its work so many times, and says how many CPU seconds all of them took."""


def in_this_process(work: Callable[[], object]) -> Candidate:
    """The candidate that calls `work` here."""

    def run(times: int) -> float:
        began = process_time()
        for _ in range(times):
            work()
        return process_time() - began

    return run


@dataclass(frozen=True, slots=True)
class Timings:
    """CPU seconds of each candidate's work, done once, in each round."""

    rounds: Mapping[str, Sequence[float]]

    def best(self, name: str) -> float | None:
        """The seconds of the candidate's best round; None when it did not take part."""
        return min(self.rounds[name]) if name in self.rounds else None

    def ratio(self, name: str, of: str) -> float | None:
        """How many times `of` a candidate takes: the median of the rounds, each a pair.

        The machine is as busy with one of a round as with the other. None when either of them did
        not take part.
        """
        if name not in self.rounds or of not in self.rounds:
            return None
        pairs = zip(self.rounds[name], self.rounds[of], strict=True)
        return median(seconds / others for seconds, others in pairs)


def in_rounds(candidates: Mapping[str, Candidate], rounds: Rounds) -> Timings:
    """Let the candidates do their work by turns, warm."""
    for candidate in candidates.values():
        candidate(rounds.warm_up)
    taken: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds.count):
        for name, candidate in candidates.items():
            taken[name].append(candidate(rounds.times) / rounds.times)
    return Timings(taken)
