"""Having the disk keep the journal, once for all who wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class GroupSync:
    """Calls a sync that takes a while, in a thread: those who ask while one is under way share the
    next one (`dispatch.durability = "power"`)."""

    def __init__(self, sync: Callable[[], None]) -> None:
        self._sync = sync
        self._turn = asyncio.Lock()
        self._asked = self._done = 0

    async def __call__(self) -> None:
        """Returns when all that was written before the call is on the disk."""
        self._asked += 1
        mine = self._asked
        async with self._turn:
            if self._done < mine:
                these = self._asked
                await asyncio.to_thread(self._sync)
                self._done = these


async def no_sync() -> None:
    """Returns at once: the kernel keeps what a dead process wrote (`"process"`)."""
