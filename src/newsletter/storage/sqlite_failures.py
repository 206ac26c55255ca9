"""What SQLite says when it cannot go on, in plain words (<https://sqlite.org/rescode.html>)."""

from __future__ import annotations

import sqlite3

from newsletter.domain.errors import DatabaseBusy, SurroundingsFailed

_PRIMARY = 0xFF  # an extended result code holds its primary code in the lowest byte
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_WORDS = {
    sqlite3.SQLITE_CANTOPEN: (
        "the database cannot be opened",
        "Check that its folder is there and that this user may write in it.",
    ),
    sqlite3.SQLITE_READONLY: (
        "the database may not be written",
        "Check that this user may write to the file and to its folder.",
    ),
    sqlite3.SQLITE_PERM: (
        "the database may not be used by this user",
        "Run the command as the user that owns the file.",
    ),
    sqlite3.SQLITE_FULL: (
        "the disk is full; nothing of this was kept",
        "Make room on the disk and run the command again.",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk failed while the database was being read or written",
        "Look at the disk and at the system's log, then run the command again.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "this file is not a database",
        "Check `database.url` in newsletter.toml; put a backup in place if the file was damaged.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "the database is damaged",
        "Stop everything that uses it and put a backup in place.",
    ),
}


def failure(error: sqlite3.Error, file: str) -> SurroundingsFailed | None:
    """The error to raise in place of `error`, or None when the surroundings are not to blame.

    DatabaseBusy when another process holds the database, SurroundingsFailed when file or disk
    does not answer; None for a broken constraint or a wrong statement, which are ours.
    """
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & _PRIMARY
    if code in _BUSY:
        return DatabaseBusy(
            "another newsletter command is using the database",
            where=file,
            cure="Try again in a moment.",
        )
    if code in _WORDS:
        what, cure = _WORDS[code]
        return SurroundingsFailed(what, where=file, cure=cure)
    return None
