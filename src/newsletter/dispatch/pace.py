"""How fast messages go, and how many to take on ahead."""

from __future__ import annotations

_WEIGHT = 0.5
"""Of the newest look among all that came before."""

_AHEAD = 0.5
"""Seconds of work that wait beside what the connections have in hand: with that, at most a second
of it is taken on at any time (design 5)."""

_MOST = 5000


class Pace:
    """The pace of one run, in messages per second, from looks at how many are done."""

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._per_second = 0.0

    def look(self, done: int, seconds: float) -> None:
        """So many were done in the last so many seconds."""
        if seconds > 0:
            self._per_second += _WEIGHT * (done / seconds - self._per_second)

    @property
    def to_hold(self) -> int:
        """How many deliveries to have taken on and not yet recorded."""
        return self._connections + min(_MOST, max(1, round(self._per_second * _AHEAD)))
