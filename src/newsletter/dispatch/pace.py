"""How fast messages go, and how many to take on ahead."""

from __future__ import annotations

from collections import deque

_WINDOW = 2.0
"""Seconds that are looked back on: a relay that takes a second for each message answers all
connections at once, and then none, which is no faster than it is."""

_AT_LEAST = 0.5
"""Seconds that count even when a run is younger: its first messages say little."""

_AHEAD = 0.5
"""Seconds of work that wait beside what the connections have in hand: with that, at most a second
of it is taken on at any time (design 5)."""

_MOST = 5000


class Pace:
    """The pace of one run, from looks at how many messages are done."""

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._looks: deque[tuple[int, float]] = deque()
        self._done = 0
        self._seconds = 0.0

    def look(self, done: int, seconds: float) -> None:
        """So many were done in the last so many seconds."""
        self._looks.append((done, seconds))
        self._done += done
        self._seconds += seconds
        while self._seconds - self._looks[0][1] >= _WINDOW:
            over, its_seconds = self._looks.popleft()
            self._done -= over
            self._seconds -= its_seconds

    @property
    def per_second(self) -> float:
        """Messages per second."""
        return self._done / max(self._seconds, _AT_LEAST)

    @property
    def to_hold(self) -> int:
        """How many deliveries to have taken on and not yet recorded."""
        return self._connections + min(_MOST, max(1, round(self.per_second * _AHEAD)))
