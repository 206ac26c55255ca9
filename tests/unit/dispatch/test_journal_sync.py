"""Syncs that are shared by those who wait."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field

from newsletter.dispatch.journal_sync import GroupSync


@dataclass
class FakeDisk:
    """A disk that is done with a sync when it is told so."""

    written: int = 0
    kept: int = 0
    syncs: int = 0
    may_end: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def sync(self) -> None:
        reached = self.written
        self.may_end.acquire()
        self.kept, self.syncs = reached, self.syncs + 1


def test_nobody_is_told_before_what_they_wrote_is_kept() -> None:
    disk = FakeDisk()

    async def write(sync: GroupSync) -> None:
        disk.written += 1
        mine = disk.written
        await sync()
        assert disk.kept >= mine

    async def scene() -> None:
        sync = GroupSync(disk.sync)
        async with asyncio.TaskGroup() as writers:
            for _ in range(50):
                writers.create_task(write(sync))
                await asyncio.sleep(0)
                disk.may_end.release()

    asyncio.run(scene())

    assert disk.kept == 50


def test_those_who_wait_while_a_sync_is_under_way_share_the_next() -> None:
    disk = FakeDisk()

    async def scene() -> None:
        sync = GroupSync(disk.sync)
        async with asyncio.TaskGroup() as writers:
            for _ in range(10):
                writers.create_task(sync())
            await asyncio.sleep(0)
            disk.may_end.release(2)

    asyncio.run(scene())

    assert disk.syncs <= 2
