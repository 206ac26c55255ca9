"""Faults that take too long for a test, or more rights than a test may ask for."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.torture.edition_run import RUN, EditionRun, Ground, edition_run
from tests.torture.kill_loop import Outcome
from tests.torture.locked_database import lock_for
from tests.torture.receiver import Phase

_LOCKED = 20
"""Seconds; twice as long as a sender waits for one transaction."""
_ROOM = (0, 64, 300, 380, 450)
"""Kilobytes that are left on the disk when a sender starts."""


def locked_database(ground: Ground) -> Outcome:
    """Somebody else keeps the database to themselves while an edition is being sent."""
    with edition_run(ground, "locked") as edition:
        quarter = ground.audience.size // 4
        edition.receiver.trap(Phase.ANSWERED, quarter, lambda: lock_for(edition.database, _LOCKED))
        edition.end(edition.start(RUN))
        return _outcome(f"locked for {_LOCKED} s", edition)


def full_disks(ground: Ground) -> Iterator[Outcome]:
    """Disks that are full at one moment or another; none without the right to mount one."""
    for kilobytes in _ROOM:
        folder = ground.folder / f"disk-{kilobytes}"
        folder.mkdir()
        with _small_disk(folder) as is_mounted:
            if not is_mounted:
                return
            with edition_run(replace(ground, folder=folder), "edition") as edition:
                _resize(folder, _used(folder) + kilobytes)
                starved = edition.do(*RUN)
                if starved.code != 3:
                    edition.faults.append(f"no word of a full disk: {starved.said}")
                _resize(folder, _PLENTY)
                yield _outcome(f"{kilobytes} KB on the disk", edition)


_PLENTY = 64 * 1024


@contextmanager
def _small_disk(folder: Path) -> Iterator[bool]:
    """A file system of its own in `folder` for the block, if we may."""
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={_PLENTY}k", "tmpfs", str(folder)]
    is_mounted = subprocess.run(mounting, capture_output=True, check=False).returncode == 0
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def _resize(folder: Path, kilobytes: int) -> None:
    options = f"remount,size={kilobytes}k"
    subprocess.run(["mount", "-o", options, str(folder)], check=True)


def _used(folder: Path) -> int:
    found = os.statvfs(folder)
    return (found.f_blocks - found.f_bfree) * found.f_frsize // 1024


def _outcome(name: str, edition: EditionRun) -> Outcome:
    verdict = edition.finish()
    return Outcome(name, 0, 1, edition.receiver.most_open, verdict)
