"""One process does a thing at a time, sends an edition or imports a list; the others stand by.

The lock is free the moment its holder is gone, however it went.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.file_locks import take_lock


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
    each on its own file. Raises SurroundingsFailed when the disk does not let us have one.
    """
    file = folder / f"{name}.lock"
    with _disk_answers(file):
        folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with _disk_answers(file):
            other = None if _take(descriptor) else _holder(descriptor)
        yield other
    finally:
        os.close(descriptor)


@contextmanager
def _disk_answers(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SurroundingsFailed(
            f"this lock cannot be used ({error.strerror})",
            where=str(file),
            cure="See that the disk has room, and that this user may read and write there.",
        ) from error


def _take(descriptor: int) -> bool:
    is_ours = take_lock(descriptor)
    if is_ours:
        name = f"{socket.gethostname()} {os.getpid()}".encode()
        os.pwrite(descriptor, name, 0)
        os.ftruncate(descriptor, len(name))
    return is_ours


def _holder(descriptor: int) -> OtherProcess:
    host, _, pid = os.pread(descriptor, 400, 0).decode().partition(" ")
    return OtherProcess(host or "an unknown host", pid or "unknown")
