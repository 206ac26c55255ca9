"""The chores done in the background of `serve`, so that whoever asks for a mail gets it at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from threading import Event, Thread

from newsletter.app.changed_lines import ChangedLines
from newsletter.app.chores import ChoresReport
from newsletter.dispatch.stopping import Stopping

_log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two rounds, when nobody wakes it."""

_LONGEST = 60.0
"""The longest wait, while something fails."""


class ChoresThread:
    """A thread that does the chores every few seconds, and at once when it is woken.

    `chores` does one round, until it is asked to stop. While a round fails the waits grow, and what
    is wrong is logged when that changes.
    """

    def __init__(self, chores: Callable[[Stopping], ChoresReport], *, every: float = EVERY) -> None:
        self._chores = chores
        self._every = every
        self._stopping = Stopping()
        self._woken = Event()
        self._troubles = ChangedLines()
        self._thread = Thread(target=self._run, name="chores", daemon=True)

    def start(self) -> None:
        """Begins, with a round at once."""
        self._thread.start()

    def wake(self) -> None:
        """Has a round done at once, after the one that is under way; may be called from anywhere,
        and costs nothing."""
        self._woken.set()

    def stop(self) -> None:
        """Ends it: what is on its way is finished, nothing new is begun."""
        self._stopping.ask()
        self._woken.set()
        self._thread.join()

    def _run(self) -> None:
        wait = self._every
        while not self._stopping.is_asked:
            self._woken.clear()
            went_well = self._round()
            wait = self._every if went_well else min(2 * wait, _LONGEST)
            self._woken.wait(wait)

    def _round(self) -> bool:
        report = self._chores(self._stopping)
        if done := ", ".join(_told(report)):
            _log.info("done: %s", done)
        lines = filter(None, (*report.troubles(), report.waits))
        for line in self._troubles.news(lines):
            _log.warning("%s", line)
        return not report.faults


def _told(report: ChoresReport) -> Iterator[str]:
    """What was done, in words: `requests: 2`, `notices accepted: 1`."""
    for name, done in report.as_json().items():
        if isinstance(done, int):
            yield f"{name}: {done}"
        else:
            yield from (f"{name} {state}: {number}" for state, number in done.items())
