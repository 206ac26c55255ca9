"""Clocks of seconds that stand until somebody moves them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Seconds:
    """What `time.monotonic` would show."""

    at: float = 1000.0

    def __call__(self) -> float:
        """The seconds."""
        return self.at

    def move(self, seconds: float) -> None:
        """Moves it on."""
        self.at += seconds
