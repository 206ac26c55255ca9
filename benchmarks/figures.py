"""A measured figure, what is asked of it, and whether it is met."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Sense(Enum):
    """How a target is meant; ABOUT is for orientation only and has no verdict."""

    AT_MOST = "≤"
    AT_LEAST = "≥"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked of a figure, in the figure's unit."""

    sense: Sense
    bound: float

    def __str__(self) -> str:
        return f"{self.sense.value} {self.bound:,}"

    def verdict(self, value: float) -> str:
        """ "ok" or "misses"; "" for orientation."""
        if self.sense is Sense.ABOUT:
            return ""
        met = value <= self.bound if self.sense is Sense.AT_MOST else value >= self.bound
        return "ok" if met else "misses"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, and of which edition; the value is None when its peer is missing."""

    what: str
    edition: str
    value: float | None
    unit: str = ""
    target: Target | None = None

    @property
    def verdict(self) -> str:
        """ "ok", "misses" or "skipped"; "" for a figure of which nothing is asked."""
        if self.value is None:
            return "skipped"
        return "" if self.target is None else self.target.verdict(self.value)

    @property
    def shown(self) -> str:
        """The value with its unit, whole from a hundred on, else to three figures."""
        if self.value is None:
            return "–"
        number = f"{self.value:,.0f}" if self.value >= 100 else f"{self.value:.3g}"
        return f"{number} {self.unit}".rstrip()

    def as_json(self) -> dict[str, object]:
        """The figure for a program."""
        return {
            "what": self.what,
            "edition": self.edition,
            "value": None if self.value is None else round(self.value, 4),
            "unit": self.unit,
            "target": None if self.target is None else str(self.target),
            "verdict": self.verdict,
        }


def milliseconds(
    what: str, edition: str, seconds: float | None, target: Target | None = None
) -> Figure:
    """A time, given in seconds."""
    return Figure(what, edition, None if seconds is None else seconds * 1e3, "ms", target)
