"""How sending goes, in plain lines on stderr: for whoever keeps them in a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from newsletter.cli.sending_figures import SendingFigures
from newsletter.cli.stderr_lines import say
from newsletter.dispatch.watching import End
from newsletter.domain.deliveries import DeliveryState, Outcome

EVERY = 10.0
"""Seconds between two lines, at least."""

_ENDS: Mapping[End, str] = {
    End.DONE: "done for now",
    End.STOPPED: "stopped",
    End.INTERRUPTED: "interrupted: somebody paused, held or cancelled it",
    End.HELD: "held: a person has to look",
    End.WAITING: "no relay takes more for now",
    End.QUIET: "quiet hours have begun",
    End.RELAY_LOST: "the relay was lost",
    End.FAILED: "broken off by an error",
}


class SendingLines:
    """A watcher that says a line at the beginning, every ten seconds, and at the end."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` shows seconds and never goes back."""
        self._clock = clock
        self._figures = SendingFigures({}, clock())
        self._said = clock()

    def begins(self, edition: str, counts: Mapping[DeliveryState, int]) -> None:
        """Says how many are to be sent."""
        self._figures = SendingFigures(counts, self._clock())
        self._said = self._clock()
        say(f"{edition}: {self._figures.total} to be sent")

    def attempted(self, edition: str, delivery_id: int, outcome: Outcome) -> None:
        """Counts it."""
        self._figures.add(outcome.state)
        self._say_when_due(edition)

    def skipped(self, edition: str, number: int) -> None:
        """Counts them."""
        self._figures.add(DeliveryState.SKIPPED, number)
        self._say_when_due(edition)

    def ends(self, edition: str, end: End) -> None:
        """Says what it came to, and why it ended."""
        self._figures.end(self._clock())
        pace = self._figures.pace(self._clock())
        say(f"{edition}: {_ENDS[end]}; {self._figures.outcomes}, {pace}")

    def _say_when_due(self, edition: str) -> None:
        now = self._clock()
        if now - self._said < EVERY:
            return
        self._said = now
        figures = self._figures
        say(
            f"{edition}: {figures.done} of {figures.total}, {figures.pace(now)}; {figures.outcomes}"
        )
