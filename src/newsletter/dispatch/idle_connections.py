"""Connections that wait for a message to hand over, and are woken when there may be one."""

from __future__ import annotations

import asyncio
from collections import deque


class IdleConnections:
    """Those of one run, in the order in which they came.

    Each message that is written wakes one of them and not all: most of the time there are more
    connections than messages.
    """

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._alarm: asyncio.TimerHandle | None = None

    async def wait(self) -> None:
        """Returns when somebody wakes this one."""
        woken = asyncio.get_running_loop().create_future()
        self._waiting.append(woken)
        await woken

    def wake(self, number: int | None = None) -> None:
        """Wakes so many, or all: those that have waited longest."""
        waiting = self._waiting
        for _ in range(len(waiting) if number is None else min(number, len(waiting))):
            woken = waiting.popleft()
            if not woken.done():  # its task was cancelled
                woken.set_result(None)

    def wake_in(self, seconds: float) -> None:
        """Wakes all of them after so many seconds, or when that was asked for before if it is
        sooner."""
        loop = asyncio.get_running_loop()
        at = loop.time() + seconds
        if self._alarm is not None:
            if self._alarm.when() <= at:
                return
            self._alarm.cancel()
        self._alarm = loop.call_at(at, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        self.wake()
