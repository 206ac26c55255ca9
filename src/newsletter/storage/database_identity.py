"""By what one database is told from every copy of it, as far as it can say so itself."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

_UNKNOWN = "unknown"


def database_identity(connection: Connection, file: Path | None) -> str:
    """Which database this is, in words that a person can read too.

    Of a SQLite `file`, its device, inode and real path: a copy differs in one of them, a file that
    was moved as well. Of a PostgreSQL server, its system identifier and timeline, and the numbers
    and names of database and table: another server, one that went back to an earlier moment and a
    dump that was restored differ.
    """
    return _of_server(connection) if file is None else _of_file(file)


def _of_file(file: Path) -> str:
    place = file.resolve()
    found = place.stat()
    return f"{place} (device {found.st_dev}, inode {found.st_ino})"


def _of_server(connection: Connection) -> str:
    name, number, table = connection.execute(
        text(
            "SELECT datname, oid, CAST(CAST('live_copy' AS regclass) AS oid)"
            " FROM pg_database WHERE datname = current_database()"
        )
    ).one()
    system = _answer(
        connection, "SELECT system_identifier FROM pg_control_system()", "pg_control_system()"
    )
    return f"{name} (system {system}, timeline {_timeline(connection)}, oids {number} and {table})"


def _timeline(connection: Connection) -> str:
    if connection.execute(text("SELECT pg_is_in_recovery()")).scalar():
        return "of a replica"
    # Of the file that is being written: pg_control_checkpoint() still says the old one until the
    # first checkpoint after a replica has taken over.
    return _answer(
        connection,
        "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)",
        "pg_walfile_name(pg_lsn)",
        "pg_current_wal_lsn()",
    )


def _answer(connection: Connection, query: str, *functions: str) -> str:
    """What the query answers; anybody may ask it, but where an administrator took that away the
    rest has to do."""
    may_call = text("SELECT has_function_privilege(:function, 'EXECUTE')")
    if all(connection.execute(may_call, {"function": one}).scalar() for one in functions):
        return str(connection.execute(text(query)).scalar())
    return _UNKNOWN
