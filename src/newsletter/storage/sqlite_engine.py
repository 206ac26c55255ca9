"""SQLite: how a file is opened, and what begins its transactions."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from time import monotonic, sleep
from typing import cast

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from newsletter.storage.compact_json import compact_json
from newsletter.storage.file_in_place import FileInPlace
from newsletter.storage.sqlite_failures import failure
from newsletter.storage.transaction_kinds import is_read_only, is_repeatable, patience
from newsletter.storage.whereabouts import whereabouts

_BETWEEN_LOOKS = 0.0005
"""Seconds."""

_SET = "newsletter_pragmas"
"""Where a connection of the driver keeps what its pragmas stand at."""


def open_sqlite(file: Path, *, busy_timeout: float, is_single: bool = False) -> Engine:
    """The database in `file`; a writer waits `busy_timeout` seconds for another one to finish.
    With `is_single` it has one connection and no other.

    The first connection makes the file when it is not there, readable by its owner alone (X13).
    """
    engine = create_engine(
        # Not parsed as an URL: a folder may have a ? or a % in its name.
        URL.create("sqlite", database=str(file)),
        connect_args={"timeout": busy_timeout},
        poolclass=StaticPool if is_single else None,
        json_serializer=compact_json,
        hide_parameters=True,  # parameters hold addresses, and errors end in logs
    )
    in_place = FileInPlace(file)
    event.listen(engine, "do_connect", in_place.opens)
    event.listen(engine, "connect", in_place.opened)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", in_place.begins)
    event.listen(engine, "begin", lambda connection: _begin(connection, busy_timeout))
    event.listen(engine, "handle_error", _in_plain_words)
    return engine


def _prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes only before the first write: it leaves all of them to `_begin`.
    connection.isolation_level = None
    cursor = connection.cursor()
    # FULL, for in WAL mode NORMAL does not sync a commit to the disk: after a power cut a claimed
    # delivery would be pending again and mailed twice, and an unsubscription that was answered with
    # 200 forgotten (<https://sqlite.org/pragma.html#pragma_synchronous>).
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    entry.info[_SET] = {"synchronous": "FULL", "query_only": "OFF"}


def _begin(connection: Connection, busy_timeout: float) -> None:
    read_only = is_read_only(connection)
    # A write in a reading transaction would be rolled back without a word: let it fail instead.
    _set(connection, "query_only", "ON" if read_only else "OFF")
    # What is repeatable may be lost with the power. Without a wait for the disk at each commit it
    # keeps others waiting for less time (<https://sqlite.org/pragma.html#pragma_synchronous>).
    _set(connection, "synchronous", "NORMAL" if is_repeatable(connection) else "FULL")
    if read_only or is_repeatable(connection):
        _execute(connection, "BEGIN")
    else:
        own = patience(connection)
        _begin_writing(connection, busy_timeout if own is None else own)


def _set(connection: Connection, pragma: str, value: str) -> None:
    # Only what changes: most transactions are of the kind of the one before.
    known = connection.info[_SET]
    if known[pragma] != value:
        _execute(connection, f"PRAGMA {pragma} = {value}")
        known[pragma] = value


def _begin_writing(connection: Connection, busy_timeout: float) -> None:
    # IMMEDIATE, for a transaction that reads first and writes later can fail half-way otherwise,
    # at once and whatever the timeout, when another has written in between.
    begin = "BEGIN IMMEDIATE"
    # SQLite itself sleeps up to a tenth of a second between two looks at the lock, so that a reader
    # who unsubscribes while a list goes in could miss every rest of the import. We look often.
    _execute(connection, "PRAGMA busy_timeout = 0")
    try:
        deadline = monotonic() + busy_timeout
        while _is_locked(connection, begin) and monotonic() < deadline:
            sleep(_BETWEEN_LOOKS)
        if not _driver(connection).in_transaction:
            connection.exec_driver_sql(begin)  # has its turn at last, or fails in plain words
    finally:
        _execute(connection, f"PRAGMA busy_timeout = {round(busy_timeout * 1000)}")


def _is_locked(connection: Connection, begin: str) -> bool:
    """Whether another has the lock; if nobody has, the transaction has begun, or cannot begin."""
    try:
        _driver(connection).execute(begin)
    except sqlite3.Error as error:
        return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF == sqlite3.SQLITE_BUSY
    return False


def _execute(connection: Connection, statement: str) -> None:
    # By the driver itself. What SQLAlchemy does around a statement takes several times as long as
    # these do, and there are five of them in the shortest transaction.
    try:
        _driver(connection).execute(statement)
    except sqlite3.Error:
        connection.exec_driver_sql(statement)  # fails again, in plain words


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.dbapi_connection)


def _in_plain_words(context: ExceptionContext) -> BaseException | None:
    error = context.original_exception
    if not isinstance(error, sqlite3.Error) or context.engine is None:
        return None
    return failure(error, whereabouts(context.engine.url))
