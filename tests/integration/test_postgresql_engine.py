"""Transactions on a real PostgreSQL, and what its failures are called."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import JSON, Connection, Engine, bindparam, make_url, text
from sqlalchemy.exc import DataError, IntegrityError

from newsletter.domain.errors import BadInput, DatabaseBusy, SurroundingsFailed
from newsletter.storage.engine import open_engine, reading, rehearsing, slicing, writing
from tests.postgresql_server import PostgresqlServer


@pytest.fixture
def engine(empty_postgresql: str) -> Iterator[Engine]:
    engine = open_engine(empty_postgresql, busy_timeout=0.05)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE words (word TEXT PRIMARY KEY)"))
    yield engine
    engine.dispose()


@pytest.fixture
def beside(engine: Engine) -> Iterator[Engine]:
    """Another process's view of the same database."""
    other = open_engine(str(engine.url), busy_timeout=0.05)
    yield other
    other.dispose()


def add(engine: Engine, word: str) -> None:
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})


def words(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(text("SELECT word FROM words ORDER BY word")).scalars())


def test_what_is_written_stays(engine: Engine, beside: Engine) -> None:
    add(engine, "croeso")

    assert words(beside) == ["croeso"]


def waits_for(connection: Connection) -> object:
    return connection.execute(text("SHOW synchronous_commit")).scalar()


def test_a_commit_is_on_the_disk_before_anyone_is_told_whatever_the_server_is_set_to(
    engine: Engine, postgresql: PostgresqlServer
) -> None:
    """S10, T7: the tests' server is set to tell at once."""
    as_set = postgresql.setting("synchronous_commit")
    with writing(engine) as connection:
        ours = waits_for(connection)

    assert (as_set, ours) == ("off", "on")


def test_only_what_can_be_done_again_does_not_wait_for_the_disk(engine: Engine) -> None:
    with slicing(engine) as connection:
        of_slice = waits_for(connection)
    with writing(engine) as connection:
        of_all_else = waits_for(connection)

    assert (of_slice, of_all_else) == ("off", "on")


def test_a_server_that_waits_for_more_than_its_disk_goes_on_doing_so(
    empty_postgresql: str, postgresql: PostgresqlServer
) -> None:
    database = make_url(empty_postgresql).database
    postgresql.execute(f"ALTER DATABASE {database} SET synchronous_commit = remote_apply")
    engine = open_engine(empty_postgresql)

    try:
        with writing(engine) as connection:
            assert waits_for(connection) == "remote_apply"
    finally:
        engine.dispose()
        postgresql.execute(f"ALTER DATABASE {database} RESET synchronous_commit")


def test_a_block_that_raises_leaves_no_trace(engine: Engine) -> None:
    with pytest.raises(KeyError), writing(engine) as connection:  # noqa: PT012 - the block is the transaction
        connection.execute(text("INSERT INTO words VALUES ('half')"))
        connection.execute(text("CREATE TABLE more (word TEXT)"))
        raise KeyError

    assert words(engine) == []
    with reading(engine) as connection:
        assert connection.execute(text("SELECT to_regclass('more')")).scalar() is None


def test_a_rehearsal_keeps_nothing(engine: Engine) -> None:
    with rehearsing(engine) as connection:
        connection.execute(text("INSERT INTO words VALUES ('trial')"))
        seen = connection.execute(text("SELECT word FROM words")).scalar()

    assert seen == "trial"
    assert words(engine) == []


def test_a_reading_transaction_cannot_change_anything(engine: Engine) -> None:
    with pytest.raises(SurroundingsFailed, match="may not be written"), reading(engine) as reader:
        reader.execute(text("INSERT INTO words VALUES ('no')"))

    add(engine, "yes")
    assert words(engine) == ["yes"]


def test_a_reader_sees_one_moment_while_another_writes(engine: Engine, beside: Engine) -> None:
    query = text("SELECT count(*) FROM words")
    with reading(engine) as connection:
        before = connection.execute(query).scalar()
        add(beside, "meanwhile")
        after = connection.execute(query).scalar()

    assert (before, after) == (0, 0)
    assert words(engine) == ["meanwhile"]


def test_a_second_writer_waits_its_turn_and_is_told_when_that_does_not_come(
    engine: Engine, beside: Engine
) -> None:
    """The first one has the turn from its beginning, not from its first change."""
    with writing(engine), pytest.raises(DatabaseBusy) as caught:
        add(beside, "me too")

    assert "another program is using the database" in str(caught.value)
    add(beside, "now")
    assert words(engine) == ["now"]


def test_what_a_writer_reads_still_holds_when_it_writes(
    engine: Engine, empty_postgresql: str
) -> None:
    """One that had to wait for another sees what that one did."""
    patient = open_engine(empty_postgresql, busy_timeout=30)
    query = text("SELECT count(*) FROM words")

    def count_and_add() -> None:
        with writing(patient) as connection:
            number = connection.execute(query).scalar()
            connection.execute(text(f"INSERT INTO words VALUES ('after {number}')"))

    with ThreadPoolExecutor(1) as threads:
        with writing(engine) as connection:
            second = threads.submit(count_and_add)
            while not connection.execute(text("SELECT 1 FROM pg_locks WHERE NOT granted")).first():
                pass
            connection.execute(text("INSERT INTO words VALUES ('first')"))
        second.result(timeout=30)
    patient.dispose()

    assert words(engine) == ["after 1", "first"]


def test_an_insert_says_how_many_rows_it_made(engine: Engine) -> None:
    with writing(engine) as connection:
        made = connection.execute(text("INSERT INTO words VALUES ('un'), ('dau'), ('tri')"))

        assert made.rowcount == 3


def test_a_broken_constraint_does_not_show_what_was_to_be_stored(engine: Engine) -> None:
    """X13: errors end in logs, and the server's details quote addresses."""
    add(engine, "dai@example.org")

    with pytest.raises(IntegrityError) as caught:
        add(engine, "dai@example.org")

    assert "words_pkey" in str(caught.value)
    assert "dai@example.org" not in f"{caught.value} {caught.value.__cause__}"


def test_json_is_kept_short_and_with_its_letters(engine: Engine) -> None:
    statement = text("SELECT CAST(CAST(:value AS json) AS text)").bindparams(
        bindparam("value", type_=JSON)
    )
    with reading(engine) as connection:
        kept = connection.execute(statement, {"value": {"sir": "Môn", "n": [1, 2]}}).scalar()

    assert kept == '{"sir":"Môn","n":[1,2]}'


def test_a_connection_that_is_cut_is_told_and_the_next_one_is_made_anew(
    engine: Engine, postgresql: PostgresqlServer
) -> None:
    with pytest.raises(SurroundingsFailed, match="was lost"), writing(engine) as connection:  # noqa: PT012 - the block is the transaction
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar()
        postgresql.execute(f"SELECT pg_terminate_backend({own}, 10000)")
        connection.execute(text("INSERT INTO words VALUES ('half')"))

    assert words(engine) == []


def test_a_server_that_is_started_anew_between_two_transactions_is_not_noticed(
    engine: Engine, postgresql: PostgresqlServer
) -> None:
    with reading(engine) as connection:
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar()
    postgresql.execute(f"SELECT pg_terminate_backend({own}, 10000)")

    assert words(engine) == []


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("postgresql+psycopg://postgres@/nowhere?host={folder}", "no such database"),
        ("postgresql+psycopg://nobody@/empty?host={folder}", "does not know the user"),
        ("postgresql+psycopg://mair:secret@127.0.0.1:1/news", "cannot be reached"),
        ("postgresql+psycopg://mair:secret@/news?host=/nowhere", "cannot be reached"),
        ("postgresql+psycopg://mair:secret@/news?sslmod=require", "unknown option"),
    ],
)
def test_a_server_that_cannot_be_used_is_named_with_a_cure_and_without_the_password(
    postgresql: PostgresqlServer, address: str, says: str
) -> None:
    """X13"""
    engine = open_engine(address.format(folder=postgresql.folder))

    with pytest.raises(SurroundingsFailed, match=says) as caught:
        words(engine)

    assert str(caught.value).startswith("postgresql://")
    assert caught.value.cure
    assert "secret" not in f"{caught.value} {engine!r} {engine.url}"


def test_a_database_that_has_no_room_for_every_name_is_refused(
    postgresql: PostgresqlServer,
) -> None:
    postgresql.create("narrow", "ENCODING 'LATIN1' LOCALE 'C'")
    engine = open_engine(postgresql.url("narrow"))

    with pytest.raises(SurroundingsFailed, match="keeps its text as LATIN1") as caught:
        words(engine)

    engine.dispose()
    assert "UTF8" in str(caught.value.cure)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://mair:secret@db.example.org",
        "postgresql+psycopg://mair:secret@db.example.org:port/news",
        "postgresql+psycopg://db.example.org/news?password=secret",
    ],
)
def test_an_address_of_another_form_is_refused_and_not_shown(address: str) -> None:
    with pytest.raises(BadInput, match="not the address of a PostgreSQL database") as caught:
        open_engine(address)

    assert "secret" not in str(caught.value)


def test_a_missing_driver_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, psycopg.__name__, None)

    with pytest.raises(SurroundingsFailed, match="psycopg") as caught:
        open_engine("postgresql+psycopg://mair:secret@db.example.org/news")

    assert "newsletter[postgres]" in str(caught.value.cure)


def test_a_text_with_a_nul_is_refused_without_being_shown(engine: Engine) -> None:
    """SQLite keeps one, PostgreSQL has none: whatever comes in is rid of it before."""
    with pytest.raises(DataError) as caught:
        add(engine, "dai@example.org\0")

    assert "dai" not in str(caught.value)


def test_whoever_has_less_patience_than_the_engine_waits_no_longer(
    engine: Engine, beside: Engine, empty_postgresql: str
) -> None:
    patient = open_engine(empty_postgresql, busy_timeout=60)

    with writing(beside), pytest.raises(DatabaseBusy), writing(patient, patience=0.01):
        pass

    patient.dispose()
