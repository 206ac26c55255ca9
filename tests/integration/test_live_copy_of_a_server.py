"""Which copy of a server's database may send: what the server knows, and whom it tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.storage import migrations
from newsletter.storage.engine import open_engine
from newsletter.storage.live_copy import CopyState, LiveCopy
from tests.postgresql_server import PostgresqlServer

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def live_copy_of(engine: Engine) -> LiveCopy:
    return LiveCopy(engine, None, Path("nowhere"), lambda: NOW)


@pytest.fixture
def bound_database(empty_postgresql: str) -> Iterator[Engine]:
    """A database of its own, since what is done to it here is done to the whole."""
    engine = open_engine(empty_postgresql)
    migrations.upgrade(engine)
    live_copy_of(engine).bind()
    yield engine
    engine.dispose()


@pytest.fixture
def plain_user(bound_database: Engine, postgresql: PostgresqlServer) -> Iterator[Engine]:
    """The same database as somebody sees it who may read and write the tables and no more."""
    name = str(bound_database.url.database)
    postgresql.execute("CREATE USER plain; GRANT USAGE ON SCHEMA public TO plain", name)
    postgresql.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO plain", name)
    postgresql.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO plain", name)
    engine = open_engine(postgresql.url(name, "plain"))
    yield engine
    engine.dispose()
    postgresql.execute("DROP OWNED BY plain; DROP USER plain", name)


@pytest.fixture
def without_pg_control_system(
    bound_database: Engine, postgresql: PostgresqlServer
) -> Iterator[None]:
    """As some providers have it."""
    name = str(bound_database.url.database)
    postgresql.execute("REVOKE EXECUTE ON FUNCTION pg_control_system FROM PUBLIC", name)
    yield
    postgresql.execute("GRANT EXECUTE ON FUNCTION pg_control_system TO PUBLIC", name)


def test_a_dump_that_is_restored_into_the_same_database_is_a_copy(
    bound_database: Engine, postgresql: PostgresqlServer
) -> None:
    """What `pg_restore --clean` does."""
    postgresql.execute(
        "ALTER TABLE live_copy RENAME TO dumped; CREATE TABLE live_copy (LIKE dumped);"
        " INSERT INTO live_copy SELECT * FROM dumped; DROP TABLE dumped",
        str(bound_database.url.database),
    )

    assert live_copy_of(bound_database).standing.state is CopyState.ELSEWHERE


def test_so_is_the_same_database_under_another_name(
    bound_database: Engine, postgresql: PostgresqlServer
) -> None:
    bound_database.dispose()
    postgresql.execute(f"CREATE DATABASE another TEMPLATE {bound_database.url.database}")
    another = open_engine(postgresql.url("another"))

    state = live_copy_of(another).standing.state

    another.dispose()
    postgresql.execute("DROP DATABASE another")
    assert state is CopyState.ELSEWHERE


def test_a_user_without_any_right_of_an_administrators_is_told_the_same(
    bound_database: Engine, plain_user: Engine
) -> None:
    assert live_copy_of(plain_user).standing == live_copy_of(bound_database).standing
    assert live_copy_of(plain_user).standing.state is CopyState.LIVE


def test_where_the_server_does_not_tell_the_rest_has_to_do(
    plain_user: Engine, without_pg_control_system: None
) -> None:
    copy = live_copy_of(plain_user)

    copy.rebind()

    assert copy.standing.state is CopyState.LIVE
    assert "(system unknown, timeline 00000001, oids " in str(copy.standing.bound_to)
