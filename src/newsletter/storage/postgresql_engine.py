"""PostgreSQL: how a server is reached, and what begins its transactions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, StatementError
from sqlalchemy.pool import ConnectionPoolEntry

from newsletter.domain.errors import BadInput, SurroundingsFailed
from newsletter.storage.compact_json import compact_json
from newsletter.storage.postgresql_failures import connection_lost, failure, not_connected
from newsletter.storage.transaction_kinds import is_read_only, is_repeatable, patience
from newsletter.storage.whereabouts import whereabouts

_CONNECT_TIMEOUT = "10"  # seconds; without it a host that is silent is waited for for minutes
_WRITERS_TURN = int.from_bytes(b"newslett")
"""The number of the advisory lock that writers hold. All programs of one database share them."""

# Without a wait for the disk a claimed delivery would be pending again after a power cut and mailed
# twice, and an unsubscription that was answered with 200 forgotten. Whatever else server or role
# are set to waits, perhaps for other machines too, and stays
# (<https://www.postgresql.org/docs/current/wal-async-commit.html>).
_WAIT_FOR_DISK = """
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') = 'off'
"""


def open_postgresql(url: str, *, busy_timeout: float) -> Engine:
    """The database at `url`; whatever waits for a lock gives up after `busy_timeout` seconds.

    Raises BadInput for an address that cannot be read, SurroundingsFailed when the driver, psycopg,
    is not installed.
    """
    address = _parsed(url)
    try:
        engine = create_engine(
            address.set(query={"connect_timeout": _CONNECT_TIMEOUT, **address.query}),
            # Whatever the environment says: what is kept is UTF-8 (M14).
            connect_args={"client_encoding": "utf8", "application_name": "newsletter"},
            json_serializer=compact_json,
            execution_options={"preserve_rowcount": True},  # of INSERT, which psycopg tells as well
            pool_pre_ping=True,  # `serve` goes on after the server was started anew
            hide_parameters=True,  # parameters hold addresses, and errors end in logs
        )
    except ImportError:
        raise SurroundingsFailed(
            "psycopg, which speaks to PostgreSQL, is not installed",
            where=whereabouts(address),
            cure='Install it with `pip install "newsletter[postgres]"`.',
        ) from None
    milliseconds = _milliseconds(busy_timeout)

    @event.listens_for(engine, "connect")
    def _(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        _check_encoding(connection, whereabouts(address))
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = {milliseconds}")
        cursor.execute(_WAIT_FOR_DISK)
        connection.commit()

    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _in_plain_words)
    return engine


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))  # 0 would be to wait for ever


def _parsed(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        address = None
    # SQLAlchemy hides a password before the @ wherever it names an engine, and no other.
    if address is None or not address.database or "password" in address.query:
        raise BadInput(
            "this is not the address of a PostgreSQL database",
            where="database.url",
            cure="Write `postgresql+psycopg://user:password@host/name`, with %40 for an @ and %2F"
            " for a / in the password.",
        )
    return address


def _check_encoding(connection: DBAPIConnection, where: str) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise SurroundingsFailed(
            f"the database keeps its text as {encoding}, which has no room for every name",
            where=where,
            cure="Make a database with `createdb --encoding=UTF8 --template=template0 NAME`.",
        )


def _begin(connection: Connection) -> None:
    if is_read_only(connection):
        # REPEATABLE READ is what sees one moment; a write fails instead of being rolled back
        # without a word (<https://www.postgresql.org/docs/current/transaction-iso.html>).
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    else:
        # One writer at a time, as on SQLite: a use case reads first and writes later, and what it
        # read must still hold then. Under READ COMMITTED, the default, its statements see all that
        # the writer before it committed, and no transaction has ever to be tried again.
        own = patience(connection)
        if own is not None:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_milliseconds(own)}")
        turn = f"pg_advisory_xact_lock({_WRITERS_TURN})"
        # What is repeatable may be lost with the power.
        also = (
            ", set_config('synchronous_commit', 'off', true)" if is_repeatable(connection) else ""
        )
        connection.exec_driver_sql(f"SELECT {turn}{also}")


def _in_plain_words(context: ExceptionContext) -> BaseException | None:
    error: Any = context.original_exception  # psycopg's, which need not be installed
    if not isinstance(error, context.dialect.loaded_dbapi.Error) or context.engine is None:
        return None
    where = whereabouts(context.engine.url)
    if context.connection is None:
        return not_connected(str(error), where)
    if context.is_disconnect:
        return connection_lost(where)
    told = failure(error.sqlstate, where)
    if told is None and error.diag.message_primary:
        _leave_out_details(error, context.sqlalchemy_exception)
    return told


def _leave_out_details(error: Any, wrapped: StatementError | None) -> None:  # noqa: ANN401 - as above
    # `Key (canonical)=(dai@example.org) already exists`: the server's details quote what is stored,
    # and errors end in logs. SQLAlchemy hides its own parameters only.
    error.args = (error.diag.message_primary,)
    if wrapped is not None:
        wrapped.args = (f"({type(error).__name__}) {error.diag.message_primary}",)
