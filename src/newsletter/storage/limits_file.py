"""How many forms were sent of late, and which: a small file of its own, which survives a restart.

It is worth less than an answer. Whoever cannot have it goes on without limits, and says so in the
log; a file that is damaged is set aside and begun anew.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock

from newsletter.domain.admission import Admission, Verdict
from newsletter.domain.rate_limits import RateLimit

_BUSY_TIMEOUT = 1.0
"""Seconds; what others do in the file takes less than a thousandth of that."""

_LONGEST_QUEUE = 1.0
"""Seconds for which a thread waits for the others of its process: nobody waits for a file that does
not answer for as many times as others did before."""

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS used (nonce TEXT PRIMARY KEY, forgotten_at REAL NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_used_forgotten_at ON used (forgotten_at)",
    "CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, full_at REAL NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_buckets_full_at ON buckets (full_at)",
)
_CLEANING = (
    "DELETE FROM used WHERE forgotten_at <= ?",
    "DELETE FROM buckets WHERE full_at <= ?",
)
_BUCKET = (
    "INSERT INTO buckets VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET full_at = excluded.full_at"
)

# Of the rest (no room, no permission, in use), a new file would cure nothing.
_DAMAGED = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR})
_PRIMARY = 0xFF  # an extended result code holds its primary code in the lowest byte

_log = logging.getLogger(__name__)


class LimitsFile:
    """The limits kept in `file`, which any number of threads and processes share.

    Times are seconds since 1970. Nothing is raised for what the file does not do.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        # Threads take turns: SQLite's own wait lets whoever comes later go first, so that in a
        # crowd, of all times, some would go without limits.
        self._turn = Lock()

    def admit(
        self, nonce: str, *, forgotten_at: float, limits: Mapping[str, RateLimit], now: float
    ) -> Admission:
        """Uses the nonce, and takes one token of the bucket of each name in `limits`: both, or
        neither when the nonce was used before or a bucket is empty.

        A used nonce is remembered until `forgotten_at`.
        """

        def admitted(database: sqlite3.Connection) -> Admission:
            for statement in _CLEANING:
                database.execute(statement, (now,))
            if database.execute("SELECT 1 FROM used WHERE nonce = ?", (nonce,)).fetchone():
                return Admission(Verdict.IGNORED)
            full_at = {name: _full_at(database, name) for name in limits}
            wait = max(limit.wait(full_at[name], now) for name, limit in limits.items())
            if wait:
                return Admission(Verdict.CROWDED, wait)
            taken = [(name, limit.taken(full_at[name], now)) for name, limit in limits.items()]
            database.execute("INSERT INTO used VALUES (?, ?)", (nonce, forgotten_at))
            database.executemany(_BUCKET, taken)
            return Admission(Verdict.TAKEN)

        return self._within(admitted) or Admission(Verdict.TAKEN)

    def give_back(self, nonce: str) -> None:
        """Forgets that the nonce was used, so that its form may be sent once more."""

        def given_back(database: sqlite3.Connection) -> Admission:
            database.execute("DELETE FROM used WHERE nonce = ?", (nonce,))
            return Admission(Verdict.TAKEN)

        self._within(given_back)

    def _within(self, work: Callable[[sqlite3.Connection], Admission]) -> Admission | None:
        """What `work` gives, in one transaction; None when the file cannot be used."""
        try:
            with self._own_turn(), self._writing() as database:
                return work(database)
        except (sqlite3.Error, OSError) as error:
            self._go_without(error)
            return None

    @contextmanager
    def _own_turn(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=_LONGEST_QUEUE):
            raise TimeoutError("others have waited for it for too long")
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        # SQLite itself would make it by the umask.
        with suppress(FileExistsError):
            os.close(os.open(self._file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        # Opened anew each time, so that a file that was set aside is used by nobody any more.
        with closing(_opened(self._file)) as database:
            database.execute("BEGIN IMMEDIATE")
            for statement in _SCHEMA:
                database.execute(statement)
            yield database
            database.execute("COMMIT")

    def _go_without(self, error: Exception) -> None:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & _PRIMARY
        if isinstance(error, sqlite3.Error) and code in _DAMAGED:
            self._set_aside()
            _log.error("%s is damaged (%s): begun anew, the old one set aside", self._file, error)
        else:
            _log.error("%s cannot be used (%s): a form was taken unlimited", self._file, error)

    def _set_aside(self) -> None:
        for name in (self._file.name, f"{self._file.name}-journal"):
            with suppress(OSError):  # another process was quicker, or may not
                self._file.with_name(name).replace(self._file.with_name(f"{name}.damaged"))


def _opened(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=_BUSY_TIMEOUT, isolation_level=None)
    # No wait for the disk: what the power takes away is the counts of an hour.
    database.execute("PRAGMA synchronous = OFF")
    return database


def _full_at(database: sqlite3.Connection, name: str) -> float:
    row = database.execute("SELECT full_at FROM buckets WHERE name = ?", (name,)).fetchone()
    return float(row[0]) if row else 0.0
