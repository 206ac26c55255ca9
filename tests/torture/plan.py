"""The plan of kills: made from a seed, so that the same seed kills in the same places."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.torture.receiver import FAST, SLOW, Manner, Phase


class Start(StrEnum):
    """What is sending when the kill comes."""

    RUN = "run"
    TWO_RUNS = "run run"
    TWO_CRONS = "due due"
    RUN_AND_CRON = "run due"

    @property
    def commands(self) -> Sequence[str]:
        """The commands of `newsletter send`, all started at once."""
        return self.value.split()


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: of what, at which phase (None: by the clock), and how far into what is left to do,
    from 0 to 1.

    `spares_second`: of two that live, only one is killed, and the other may take over. `is_cold`:
    the sender is started as cron starts it, and not forked.
    """

    start: Start
    phase: Phase | None
    place: float
    spares_second: bool
    is_cold: bool


@dataclass(frozen=True, slots=True)
class Mode:
    """A way of killing, and the receiver that is sent to meanwhile."""

    name: str
    manner: Manner
    at_phases: bool

    @property
    def slug(self) -> str:
        """The name, as a file may be called."""
        return self.name.replace(",", "").replace(" ", "-")


MODES = (
    Mode("any time, fast", FAST, at_phases=False),
    Mode("any time, slow", SLOW, at_phases=False),
    Mode("each phase, fast", FAST, at_phases=True),
    Mode("each phase, slow", SLOW, at_phases=True),
)


def plan(seed: int, kills: int) -> Mapping[Mode, Sequence[Kill]]:
    """`kills` in all, as many of each mode as of any other; and each phase as often as any other,
    both receivers together."""
    chosen = random.Random(seed)
    phases = _phases(chosen)
    shares = [kills // len(MODES) + (number < kills % len(MODES)) for number in range(len(MODES))]
    return {
        mode: [
            # A cold start takes longer than the clock is set for; a phase waits for it.
            _kill(chosen, next(phases) if mode.at_phases else None, mode.at_phases and not number)
            for number in range(share)
        ]
        for mode, share in zip(MODES, shares, strict=True)
    }


def _phases(chosen: random.Random) -> Iterator[Phase]:
    while True:
        yield from chosen.sample(tuple(Phase), len(Phase))


def _kill(chosen: random.Random, phase: Phase | None, is_cold: bool) -> Kill:
    return Kill(
        start=chosen.choice(tuple(Start)),
        phase=phase,
        place=chosen.random(),
        spares_second=chosen.random() < 0.5,
        is_cold=is_cold,
    )
