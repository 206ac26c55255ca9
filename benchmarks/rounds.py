"""CPU seconds of candidates whose rounds take turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


def best_of_rounds(candidates: Mapping[str, Candidate], rounds: Rounds) -> dict[str, float]:
    """CPU seconds of each candidate's work, once and warm: those of its best round.

    Their rounds take turns, so that what else the machine does weighs on none of them more than on
    another; what it adds is left out by taking the best.
    """
    for candidate in candidates.values():
        candidate(rounds.warm_up)
    best = dict.fromkeys(candidates, float("inf"))
    for _ in range(rounds.count):
        for name, candidate in candidates.items():
            best[name] = min(best[name], candidate(rounds.times) / rounds.times)
    return best
