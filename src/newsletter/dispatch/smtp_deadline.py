"""How long one may wait, at the price of one timer for a whole conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Deadline:
    """Calls `missed` when a deadline passes.

    A timer of the loop for each step would be made and cancelled many times per message. Here one
    goes off now and then, looks when it is really due, and sleeps on.
    """

    def __init__(self, missed: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._missed = missed
        self._due: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def set(self, seconds: float) -> None:
        """The deadline is `seconds` from now, whatever it was."""
        self._due = self._loop.time() + seconds
        if self._timer is not None:
            if self._timer.when() <= self._due:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(self._due, self._look)

    def clear(self) -> None:
        """There is no deadline."""
        self._due = None

    def stop(self) -> None:
        """There will be none any more."""
        self._due = None
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        self._timer = None
        if self._due is None:
            return
        if self._loop.time() < self._due:
            self._timer = self._loop.call_at(self._due, self._look)
            return
        self._due = None
        self._missed()
