"""The key ring of a long-running process, to which others may add keys meanwhile (T4)."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from newsletter.domain.errors import SurroundingsFailed
from newsletter.tokens.key_ring import KeyRing, read_key_ring

_Made = TypeVar("_Made")


class _Version(NamedTuple):
    """What tells a file from every other that ever lay in its place; looking costs next to
    nothing, so that it may be done for every token."""

    device: int
    inode: int
    size: int
    changed_at: int


class WatchedKeys:
    """The keys in `file`, read anew whenever another file lies there."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read: tuple[_Version | None, KeyRing] | None = None

    @property
    def ring(self) -> KeyRing:
        """The keys that are there now.

        Once it has been read, it stays in use while the file is gone or is not to be trusted, so
        that a slip with it stops nobody from leaving. Raises SurroundingsFailed before that, as
        `read_key_ring` does.
        """
        version = _version(self._file)
        if self._read is None:
            self._read = version, read_key_ring(self._file)
        elif version is not None and version != self._read[0]:
            self._read = version, self._newer(self._read[1])
        return self._read[1]

    def made(self, make: Callable[[KeyRing], _Made]) -> Callable[[], _Made]:
        """What gives the thing that `make` makes of the keys; of the same ones it is the same."""
        latest: list[tuple[KeyRing, _Made]] = []

        def thing() -> _Made:
            ring = self.ring
            if not latest or latest[0][0] is not ring:
                latest[:] = [(ring, make(ring))]
            return latest[0][1]

        return thing

    def _newer(self, ring: KeyRing) -> KeyRing:
        try:
            return read_key_ring(self._file)
        except SurroundingsFailed:
            return ring


def _version(file: Path) -> _Version | None:
    try:
        found = os.stat(file)  # noqa: PTH116 - half the time of Path.stat, at every token
    except OSError:
        return None
    return _Version(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
