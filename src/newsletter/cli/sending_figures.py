"""The figures of one run through an edition: how far it is, how fast it goes, what came of it."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping

from newsletter.domain.deliveries import DeliveryState

_WINDOW = 5.0
"""Seconds over which the rate is taken: long enough to be read, short enough to be true."""

_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.DEFERRED)

_TOLD = (
    DeliveryState.ACCEPTED,
    DeliveryState.DEFERRED,
    DeliveryState.FAILED,
    DeliveryState.UNKNOWN,
    DeliveryState.SKIPPED,
)
"""What a run may come to, in the order in which it is told."""

_READ_IN_SECONDS = 100
_READ_IN_MINUTES = 120
_READ_WHOLE = 10  # messages per second; fewer have a decimal


class Rate:
    """How fast a number grows, over the last seconds."""

    def __init__(self, now: float) -> None:
        """`now`, and the same below, is in seconds of a clock that never goes back."""
        self._samples = deque([(now, 0)])

    def at(self, now: float, number: int) -> float:
        """How much it grows in a second, when it is `number` now."""
        self._samples.append((now, number))
        while len(self._samples) >= 3 and self._samples[1][0] <= now - _WINDOW:
            self._samples.popleft()  # the one after it is old enough to count from
        since, before = self._samples[0]
        return (number - before) / (now - since) if now > since else 0.0


class SendingFigures:
    """What one run through an edition has come to so far.

    `total` is how many deliveries were open at its beginning; some of them may not be due yet.
    """

    def __init__(self, counts: Mapping[DeliveryState, int], now: float) -> None:
        """`counts` is how the edition's deliveries stand at the beginning."""
        self.total = sum(counts.get(state, 0) for state in _OPEN)
        self._counts: Counter[DeliveryState] = Counter()
        self._began = now
        self._ended: float | None = None
        self._rate = Rate(now)

    def add(self, state: DeliveryState, number: int = 1) -> None:
        """So many more came to this."""
        self._counts[state] += number

    def end(self, now: float) -> None:
        """The run is over."""
        self._ended = now

    @property
    def done(self) -> int:
        """How many this run has dealt with."""
        return self._counts.total()

    @property
    def outcomes(self) -> str:
        """What came of them: `1204 accepted, 3 deferred`."""
        told = [f"{self._counts[state]} {state}" for state in _TOLD if self._counts[state]]
        return ", ".join(told) or "nothing yet"

    def pace(self, now: float) -> str:
        """How fast it goes and how long it will take, `120/s, 50 s left`; at the end, how long it
        took."""
        if self._ended is not None:
            return f"in {duration(self._ended - self._began)}"
        rate = self._rate.at(now, self.done)
        if not rate:
            return "0/s"
        left = duration(max(self.total - self.done, 0) / rate)
        return f"{rate:.{0 if rate >= _READ_WHOLE else 1}f}/s, {left} left"


def duration(seconds: float) -> str:
    """A length of time, as exactly as it is read aloud: `50 s`, `20 min`, `2 h 5 min`."""
    if seconds < _READ_IN_SECONDS:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < _READ_IN_MINUTES:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
