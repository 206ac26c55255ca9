"""Opening the database, and the kinds of transaction that everything runs in.

The stores take a `Connection` and never begin or end anything; whoever calls them does, with
`reading`, `writing`, `slicing` or `rehearsing`. So one use case is one transaction, through however
many stores it goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from newsletter.domain.errors import BadInput
from newsletter.storage.sqlite_engine import open_sqlite
from newsletter.storage.transaction_kinds import make_read_only, make_repeatable, set_patience

_SQLITE = "sqlite:///"
_POSTGRESQL = "postgresql+psycopg://"


def open_engine(url: str, *, busy_timeout: float = 10.0, is_single: bool = False) -> Engine:
    """The database at `url`; the caller disposes of the engine.

    `url` is `sqlite:///` and an absolute path, or `postgresql+psycopg://user:password@host/name`.
    Touches nothing yet. A writer waits `busy_timeout` seconds for another one to finish. With
    `is_single` all that is done to a file is done by one connection, for one thread. Raises
    BadInput for an address of another form, SurroundingsFailed when the driver is not installed;
    whatever the engine is used for raises DatabaseBusy or SurroundingsFailed when the database does
    not answer.
    """
    if url.startswith(_POSTGRESQL):
        # Whoever has a file needs neither the driver nor the time that it takes to load.
        from newsletter.storage.postgresql_engine import open_postgresql

        return open_postgresql(url, busy_timeout=busy_timeout)
    path = Path(url.removeprefix(_SQLITE))
    if url.startswith(_SQLITE) and path.is_absolute():
        return open_sqlite(path, busy_timeout=busy_timeout, is_single=is_single)
    # Without what was given: there may be a password in it (X13).
    raise BadInput(
        "this is not the address of a database",
        where="database.url",
        cure=f"Write `{_SQLITE}` and the path of a file, or"
        f" `{_POSTGRESQL}user:password@host/name`.",
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment of the database and cannot change it.

    Writers do not disturb it, nor it them.
    """
    with engine.connect() as connection:
        make_read_only(connection)
        yield connection


@contextmanager
def writing(engine: Engine, *, patience: float | None = None) -> Iterator[Connection]:
    """A transaction that may change the database: all of it at the end of the block, or nothing
    when the block raises.

    Holds the one write lock from its beginning; raises DatabaseBusy when another keeps that for
    longer than `patience` seconds, or the engine's busy timeout when that is None. Keep it short,
    and never wait for the network inside.
    """
    with engine.connect() as connection:
        if patience is not None:
            set_patience(connection, patience)
        with connection.begin():
            yield connection


@contextmanager
def slicing(engine: Engine) -> Iterator[Connection]:
    """A transaction for one slice of long work: it reads first and writes then, and others are kept
    waiting only from its first write on.

    Raises DatabaseBusy when somebody else has written since it began to read; then nothing of it is
    kept, and it is to be done again. It may also be lost, whole, when the power fails before a
    `writing` that follows it: so the slice has to note how far the work is.
    """
    with engine.connect() as connection:
        make_repeatable(connection)
        with connection.begin():
            yield connection


@contextmanager
def rehearsing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may do all that `writing` may, and of which nothing is kept."""
    with engine.connect() as connection:
        connection.begin()
        yield connection
