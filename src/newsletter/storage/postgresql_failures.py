"""What PostgreSQL says when it cannot go on, in plain words.

Codes are of <https://www.postgresql.org/docs/current/errcodes-appendix.html>; a connection that is
not made has none, only the words of server, driver or operating system.
"""

from __future__ import annotations

from newsletter.domain.errors import DatabaseBusy, SurroundingsFailed

_CHECK_ADDRESS = "Check `database.url`."
_BUSY = frozenset(
    {
        "55P03",  # lock_not_available: the time to wait for it ran out
        "40P01",  # deadlock_detected
        "57014",  # query_canceled: by a time limit of the server's own
    }
)
_WORDS = {
    "25006": (  # read_only_sql_transaction
        "the database may not be written",
        "Check that `database.url` names the primary server, not one that follows it.",
    ),
    "42501": (  # insufficient_privilege
        "the database's user may not do this",
        "Make it the owner: `ALTER DATABASE name OWNER TO user`.",
    ),
    "53100": (  # disk_full
        "the database server's disk is full; nothing of this was kept",
        "Make room on that disk and run the command again.",
    ),
    "53200": (  # out_of_memory
        "the database server is out of memory; nothing of this was kept",
        "Look at the server's log, then run the command again.",
    ),
    "58030": (  # io_error
        "the database server's disk failed",
        "Look at that disk and at the server's log, then run the command again.",
    ),
    "XX001": ("the database is damaged", "Put a backup in place."),  # data_corrupted
    "XX002": ("an index of the database is damaged", "Run `REINDEX DATABASE`."),  # index_corrupted
}
_NOT_CONNECTED = {
    'FATAL:  database "': (
        "there is no such database on this server",
        "Make it with `createdb --encoding=UTF8 --template=template0 NAME`, then run"
        " `newsletter db upgrade`.",
    ),
    "password": ("the database server refuses the user or the password", _CHECK_ADDRESS),
    'FATAL:  role "': ("the database server does not know the user", _CHECK_ADDRESS),
    "pg_hba.conf": (
        "the database server does not let this user in from here",
        "Allow it in the server's pg_hba.conf.",
    ),
    "resolve host": ("the database server's host is not known", _CHECK_ADDRESS),
    "invalid connection option": ("database.url has an unknown option", _CHECK_ADDRESS),
    "too many": (
        "the database server has too many connections",
        "Try again in a moment, or raise its max_connections.",
    ),
}


def failure(code: str | None, where: str) -> SurroundingsFailed | None:
    """The error to raise for the SQLSTATE `code`, or None when the surroundings are not to blame.

    DatabaseBusy when another program holds the database, SurroundingsFailed when the server cannot
    go on; None for a broken constraint or a wrong statement, which are ours.
    """
    if code in _BUSY:
        return DatabaseBusy(
            "another program is using the database", where=where, cure="Try again in a moment."
        )
    if code in _WORDS:
        what, cure = _WORDS[code]
        return SurroundingsFailed(what, where=where, cure=cure)
    return None


def connection_lost(where: str) -> SurroundingsFailed:
    """The error for a connection that ended in the middle."""
    return SurroundingsFailed(
        "the connection to the database was lost; what was under way may not be kept",
        where=where,
        cure="Look whether the server runs, then run the command again.",
    )


def not_connected(said: str, where: str) -> SurroundingsFailed:
    """The error for a connection that was not made, of which the driver said `said`."""
    for words, (what, cure) in _NOT_CONNECTED.items():
        if words in said:
            return SurroundingsFailed(what, where=where, cure=cure)
    reason = said.splitlines()[0] if said else "no reason was given"
    return SurroundingsFailed(
        f"the database server cannot be reached ({reason})",
        where=where,
        cure=f"{_CHECK_ADDRESS} Look whether the server runs and takes connections from here.",
    )
