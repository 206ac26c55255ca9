"""Where the people of a list wait, sorted by address, until they go into the database.

On the disk, for a list may be larger than the memory; in a file without a name, for nobody else's
eyes, which is gone with the process.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from newsletter.domain.errors import SurroundingsFailed

_AT_A_TIME = 1000


class Waiting(NamedTuple):
    """Somebody who waits: where they stand in the list, and what it says of them.

    `rank` decides between rows of the same person: the highest counts, then the first.
    """

    canonical: str
    rank: int
    line: int
    payload: str


class WaitingRoom:
    """People go in as they come, and out by address, each once."""

    def __init__(self, scratch: sqlite3.Connection) -> None:
        self._scratch = scratch
        self._coming: list[Waiting] = []
        self._number = 0

    def __len__(self) -> int:
        """How many rows came in."""
        return self._number

    def add(self, waiting: Waiting) -> None:
        """Lets somebody in."""
        self._coming.append(waiting)
        self._number += 1
        if len(self._coming) >= _AT_A_TIME:
            self._settle()

    def in_order(self) -> Iterator[tuple[Waiting, bool]]:
        """Everybody by address, each with whether their row is the first, the one that counts."""
        self._settle()
        before = None
        for row in self._scratch.execute(
            "SELECT canonical, rank, line, payload FROM waiting ORDER BY canonical, rank DESC, line"
        ):
            yield Waiting(*row), row[0] != before
            before = row[0]

    def _settle(self) -> None:
        self._scratch.execute("BEGIN")
        self._scratch.executemany("INSERT INTO waiting VALUES (?, ?, ?, ?)", self._coming)
        self._scratch.execute("COMMIT")
        self._coming.clear()


@contextmanager
def waiting_room() -> Iterator[WaitingRoom]:
    """A room that is cleared when the block ends; raises SurroundingsFailed when the disk for
    temporary files is full."""
    scratch = sqlite3.connect("", isolation_level=None)  # "" is SQLite's file without a name
    try:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -16384"):
            scratch.execute(f"PRAGMA {pragma}")
        scratch.execute("CREATE TABLE waiting (canonical TEXT, rank INT, line INT, payload TEXT)")
        yield WaitingRoom(scratch)
    except sqlite3.Error as error:
        raise SurroundingsFailed(
            cannot_sort(error), cure="Then run the same command again; nothing was imported."
        ) from None
    finally:
        scratch.close()


def cannot_sort(error: sqlite3.Error) -> str:
    """What is said when the disk for temporary files fails."""
    return (
        f"the list cannot be sorted on the disk ({error}): make room where temporary files lie, or"
        " let TMPDIR name another place"
    )
