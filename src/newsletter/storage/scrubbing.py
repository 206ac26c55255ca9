"""Leaving nothing readable behind in the database's files of what was deleted (L4)."""

from __future__ import annotations

import sqlite3

from sqlalchemy import Connection, Engine

_PERSONAL = (
    "subscribers",
    "subscriptions",
    "handles",
    "consents",
    "deliveries",
    "delivery_attempts",
    "suppressions",
    "requests",
    "notices",
    "leaving_reasons",
    "wordings",
)


def overwrite_deleted(connection: Connection) -> None:
    """Has SQLite write zeros over all that the transaction deletes or changes; elsewhere nothing.

    See <https://sqlite.org/pragma.html#pragma_secure_delete>; many systems have it on anyway.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def scrub(engine: Engine) -> bool:
    """Takes what was deleted out of the database's files, once its transaction is over.

    On SQLite the write-ahead log is emptied; False when somebody who still reads an earlier moment
    prevents that: then the next call does it. On PostgreSQL the tables are vacuumed, which frees
    the room of deleted rows; the server writes over it as it needs it.
    """
    if engine.dialect.name == "sqlite":
        return _empty_log(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"VACUUM {', '.join(_PERSONAL)}")
    return True


def _empty_log(engine: Engine) -> bool:
    # Not by the engine's own connections: they begin a transaction, and a checkpoint needs none.
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ((is_busy, *_),) = cursor.fetchall()
    except sqlite3.OperationalError:
        return False
    finally:
        raw.close()
    return not is_busy
