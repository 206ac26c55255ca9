"""One process does a thing at a time, sends an edition or imports a list; the others stand by.

The lock is the kernel's (`flock`), so it is free the moment its holder is gone, however it went.
"""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class OtherProcess:
    """Who holds the lock."""

    host: str
    pid: str

    def __str__(self) -> str:
        return f"{self.host}, process {self.pid}"


@contextmanager
def process_lock(folder: Path, name: str) -> Iterator[OtherProcess | None]:
    """Holds the lock of that name for the block and yields None; yields the holder if it is taken.

    The lock files lie in `folder` and stay: removing one would let two processes hold "the" lock,
    each on its own file.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _take(descriptor):
            yield _holder(descriptor)
            return
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{socket.gethostname()} {os.getpid()}".encode(), 0)
        yield None
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(descriptor: int) -> OtherProcess:
    host, _, pid = os.pread(descriptor, 400, 0).decode().partition(" ")
    return OtherProcess(host or "an unknown host", pid or "unknown")
