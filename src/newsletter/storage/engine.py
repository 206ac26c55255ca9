"""Opening the database, and the kinds of transaction that everything runs in.

The stores take a `Connection` and never begin or end anything; whoever calls them does, with
`reading`, `writing` or `rehearsing`. So one use case is one transaction, through however many
stores it goes.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, Dialect, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from newsletter.domain.errors import BadInput
from newsletter.storage.failures import failure

_PREFIX = "sqlite:///"
_READ_ONLY = "newsletter_read_only"


def open_engine(url: str, *, busy_timeout: float = 10.0) -> Engine:
    """The database at `url`, `sqlite:///` and an absolute path; the caller disposes of the engine.

    Touches nothing yet: the first connection makes the file when it is not there, readable by its
    owner alone (X13). A writer waits `busy_timeout` seconds for another one to finish. Raises
    BadInput for an address of another form; whatever the engine is used for raises DatabaseBusy or
    SurroundingsFailed when the database does not answer.
    """
    engine = create_engine(
        # Not parsed as an URL: a folder may have a ? or a % in its name.
        URL.create("sqlite", database=str(_path(url))),
        connect_args={"timeout": busy_timeout},
        hide_parameters=True,  # parameters hold addresses, and errors end in logs
    )
    event.listen(engine, "do_connect", _make_private_file)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _in_plain_words)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment of the database and cannot change it.

    Writers do not disturb it, nor it them.
    """
    with engine.connect() as connection:
        connection.execution_options(**{_READ_ONLY: True})
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may change the database: all of it at the end of the block, or nothing
    when the block raises.

    Holds the one write lock from its beginning; raises DatabaseBusy when another keeps that for
    too long. Keep it short, and never wait for the network inside.
    """
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def rehearsing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may do all that `writing` may, and of which nothing is kept."""
    with engine.connect() as connection:
        connection.begin()
        yield connection


def database_file(engine: Engine) -> Path:
    """The file that the database lies in; it need not be there yet."""
    return Path(str(engine.url.database))


def _path(url: str) -> Path:
    path = Path(url.removeprefix(_PREFIX))
    if not url.startswith(_PREFIX) or not path.is_absolute():
        raise BadInput(
            f"{url} is not the address of a database",
            cure="Write `sqlite:///` and the path of a file.",
        )
    return path


def _make_private_file(
    _dialect: Dialect,
    _entry: ConnectionPoolEntry,
    arguments: list[str],
    _options: dict[str, object],
) -> None:
    # SQLite itself would make it by the umask; its -wal and -shm files take the file's own mode.
    try:
        os.close(os.open(arguments[0], os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError:
        return  # it is there already, or SQLite says in a moment why it cannot be opened


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes only before the first write: it leaves all of them to `_begin`.
    connection.isolation_level = None
    cursor = connection.cursor()
    # FULL, for in WAL mode NORMAL does not sync a commit to the disk: after a power cut a claimed
    # delivery would be pending again and mailed twice, and an unsubscription that was answered with
    # 200 forgotten (<https://sqlite.org/pragma.html#pragma_synchronous>).
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    read_only = bool(connection.get_execution_options().get(_READ_ONLY))
    # A write in a reading transaction would be rolled back without a word: let it fail instead.
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
    # IMMEDIATE, for a transaction that reads first and writes later can fail half-way otherwise,
    # at once and whatever the timeout, when another has written in between.
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _in_plain_words(context: ExceptionContext) -> BaseException | None:
    if not isinstance(context.original_exception, sqlite3.Error) or context.engine is None:
        return None
    return failure(context.original_exception, database_file(context.engine))
