"""The loop of the worker: a turn, a wait, and a longer one while something is wrong."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from types import TracebackType
from typing import Self

from newsletter.dispatch.stopping import Stopping

EVERY = 5.0
"""Seconds between two turns."""

LONGEST = 60.0
"""The longest wait, while something is wrong."""


class Alarm:
    """Wakes the one who waits for it, from a signal's handler too, until the `with` block ends.

    A pipe, since a lock that the main thread holds must not be waited for in its own handler.
    """

    def __enter__(self) -> Self:
        self._read_end, self._write_end = os.pipe()
        os.set_blocking(self._write_end, False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._read_end)
        os.close(self._write_end)

    def ring(self) -> None:
        """Ends the wait that is under way, and every later one at once."""
        os.write(self._write_end, b".")

    def wait(self, seconds: float) -> None:
        """Waits so long, or until it rings."""
        select.select([self._read_end], [], [], seconds)


def keep_working(
    turn: Callable[[], bool], stopping: Stopping, wait: Callable[[float], object]
) -> None:
    """Takes one turn after the other, and waits in between, until it is asked to stop.

    `turn` says whether all went well. While it does not, the waits double, up to a minute.
    """
    pause = EVERY
    while not stopping.is_asked:
        pause = EVERY if turn() else min(2 * pause, LONGEST)
        if not stopping.is_asked:
            wait(pause)
