"""A loop in which an hour is over as soon as nobody has anything left to do in it.

Sockets and threads are real and take no time at all; sleeps and timeouts take theirs, but nobody
waits for it: when no bytes have arrived and no thread works, the clock leaps to the next timer.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest

from newsletter.app import event_loops

T = TypeVar("T")

_SHORT = 0.2
"""Seconds that are leapt over at once: bytes on their way just took so long. Before a longer leap
they are waited for."""
_ON_THEIR_WAY = 0.001
"""Real seconds in which bytes get from one socket of this machine to another."""
_PATIENCE = 30.0
"""Real seconds without a timer in which nothing happens: nothing ever will."""


class VirtualTime(asyncio.SelectorEventLoop):
    """Its clock begins at 0 and moves only when all else rests. `faults` are the errors that nobody
    has handled."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._working = 0
        self.faults: list[str] = []
        super().__init__(_Leaping(self))
        self.set_exception_handler(lambda _, context: self.faults.append(str(context)))

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._seconds

    def leap(self, seconds: float) -> None:
        """Moves the clock on."""
        self._seconds += seconds

    @property
    def is_working(self) -> bool:
        """Whether a thread has work in hand, for which the clock waits."""
        return self._working > 0

    def run_in_executor(  # type: ignore[override]  # typeshed's has a variadic generic
        self, executor: Executor | None, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """Has a thread do it, while the clock stands still."""
        self._working += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._work_is_done)
        return future

    def _work_is_done(self, _: asyncio.Future[Any]) -> None:
        self._working -= 1

    def wait_until(self, seconds: float) -> None:
        """Lets the clock go on to this time, if it is not past it."""
        self.run_until_complete(asyncio.sleep(max(0.0, seconds - self._seconds)))

    def clock(self, begin: datetime) -> Callable[[], datetime]:
        """The wall clock that showed `begin` when the loop was made."""
        return lambda: begin + timedelta(seconds=self._seconds)


class _Leaping(selectors.DefaultSelector):
    """Waits for sockets in no time, and for timers by a leap."""

    def __init__(self, loop: VirtualTime) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; if nothing is, it is `timeout` seconds later."""
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None or self._loop.is_working:
            return self._in_real_time()
        if timeout > _SHORT:
            ready = super().select(_ON_THEIR_WAY)
        if not ready:
            self._loop.leap(timeout)
        return ready

    def _in_real_time(self) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(_PATIENCE)
        if not ready:
            raise RuntimeError("nothing happens any more in virtual time")
        return ready


@contextmanager
def virtual_time() -> Iterator[VirtualTime]:
    """A loop for the block; whatever is sent in it is sent in this loop. Errors that nobody handled
    are raised at its end."""
    loop = VirtualTime()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(event_loops, "run", loop.run_until_complete)
            yield loop
            if loop.faults:
                raise RuntimeError("; ".join(loop.faults))
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
