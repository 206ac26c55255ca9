"""Whether the file that a path leads to is still the one that was opened."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.transaction_kinds import is_read_only

_OPENED = "newsletter_file"
"""Where a connection of the driver keeps which file it has opened."""


class FileInPlace:
    """Listens to the engine of one SQLite file.

    A connection stays with its file when that is moved away, as by somebody who puts a backup in
    place while the pages are served. What it writes there nobody would ever see again.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._was_opened = False

    def opens(
        self,
        _dialect: Dialect,
        _entry: ConnectionPoolEntry,
        _arguments: list[str],
        _options: dict[str, object],
    ) -> None:
        """Makes the file, readable by its owner alone (X13), when it was never there; raises
        SurroundingsFailed when it is there no more."""
        if self._was_opened:
            if not self._file.exists():
                raise self._gone()
            return
        # SQLite itself would make it by the umask; its -wal and -shm files take its mode.
        try:
            os.close(os.open(self._file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError:
            return  # it is there already, or SQLite says in a moment why it cannot be opened

    def opened(self, _connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        """Remembers which file it was."""
        self._was_opened = True
        entry.info[_OPENED] = self._identity()

    def begins(self, connection: Connection) -> None:
        """Raises SurroundingsFailed when the transaction would write elsewhere than in the file
        that lies there now; the connection is not used again."""
        if is_read_only(connection) or connection.info[_OPENED] == self._identity():
            return
        connection.invalidate()
        raise self._gone()

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _gone(self) -> SurroundingsFailed:
        return SurroundingsFailed(
            "the database is not there any more, or is another one",
            where=str(self._file),
            cure="Put it back; if another was put in its place on purpose, do this again.",
        )
