"""Transactions on a SQLite file, and what its failures are called."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from newsletter.domain.errors import BadInput, DatabaseBusy, SurroundingsFailed
from newsletter.storage.engine import open_engine, reading, rehearsing, slicing, writing


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'words.db'}", busy_timeout=0.05)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE words (word TEXT PRIMARY KEY)"))
    yield engine
    engine.dispose()


@pytest.fixture
def beside(engine: Engine) -> Iterator[Engine]:
    """Another process's view of the same file."""
    other = open_engine(f"sqlite:///{engine.url.database}", busy_timeout=0.05)
    yield other
    other.dispose()


def add(engine: Engine, word: str) -> None:
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})


def words(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(text("SELECT word FROM words ORDER BY word")).scalars())


def test_the_file_is_made_readable_by_its_owner_alone(tmp_path: Path) -> None:
    """X13: whatever the umask says, and its companions too."""
    before = os.umask(0)
    engine = open_engine(f"sqlite:///{tmp_path / 'private.db'}")

    try:
        with writing(engine) as connection:
            connection.execute(text("CREATE TABLE words (word TEXT)"))
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
        engine.dispose()

    assert modes == {"private.db": 0o600, "private.db-wal": 0o600, "private.db-shm": 0o600}


def test_opening_an_engine_touches_nothing(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'later.db'}")
    engine.dispose()

    assert list(tmp_path.iterdir()) == []


def test_what_is_written_stays(engine: Engine, beside: Engine) -> None:
    add(engine, "croeso")

    assert words(beside) == ["croeso"]


def test_a_commit_is_on_the_disk_before_anyone_is_told(engine: Engine) -> None:
    """S10, T7: in WAL mode only `synchronous = FULL` (2) syncs every commit."""
    with reading(engine) as connection:
        journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()

    assert (journal, synchronous) == ("wal", 2)


def test_a_block_that_raises_leaves_no_trace(engine: Engine) -> None:
    with pytest.raises(KeyError), writing(engine) as connection:  # noqa: PT012 - the block is the transaction
        connection.execute(text("INSERT INTO words VALUES ('half')"))
        raise KeyError

    assert words(engine) == []


def test_a_rehearsal_keeps_nothing(engine: Engine) -> None:
    with rehearsing(engine) as connection:
        connection.execute(text("INSERT INTO words VALUES ('trial')"))
        seen = connection.execute(text("SELECT word FROM words")).scalar()

    assert seen == "trial"
    assert words(engine) == []


def test_a_table_made_in_a_block_that_raises_is_not_there(engine: Engine) -> None:
    with pytest.raises(KeyError), writing(engine) as connection:  # noqa: PT012 - the block is the transaction
        connection.execute(text("CREATE TABLE more (word TEXT)"))
        raise KeyError

    with reading(engine) as connection:
        assert connection.execute(text("SELECT name FROM sqlite_master")).scalars().all() == [
            "words",
            "sqlite_autoindex_words_1",
        ]


def test_a_reading_transaction_cannot_change_anything(engine: Engine) -> None:
    with pytest.raises(SurroundingsFailed), reading(engine) as connection:
        connection.execute(text("INSERT INTO words VALUES ('no')"))

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


def test_a_second_writer_is_told_that_the_database_is_busy(engine: Engine, beside: Engine) -> None:
    """The first one holds the lock from its beginning, not from its first change."""
    with writing(engine), pytest.raises(DatabaseBusy) as caught:
        add(beside, "me too")

    assert "another newsletter command is using the database" in str(caught.value)
    assert "Try again" in str(caught.value)


def test_a_second_writer_waits_as_long_as_was_said_and_not_once_more(engine: Engine) -> None:
    patience = 0.5
    waiting = open_engine(f"sqlite:///{engine.url.database}", busy_timeout=patience)

    with writing(engine):
        began = monotonic()
        with pytest.raises(DatabaseBusy):
            add(waiting, "me too")
        waited = monotonic() - began
    waiting.dispose()

    assert patience <= waited < 2 * patience


def test_a_slice_keeps_nobody_waiting_while_it_reads(engine: Engine, beside: Engine) -> None:
    with slicing(engine) as connection:
        connection.execute(text("SELECT word FROM words")).all()
        add(beside, "while")

    assert words(engine) == ["while"]


def test_a_slice_that_somebody_overtook_is_to_be_done_again(engine: Engine, beside: Engine) -> None:
    def read_and_write() -> None:
        with slicing(engine) as connection:
            connection.execute(text("SELECT word FROM words")).all()
            add(beside, "first")
            connection.execute(text("INSERT INTO words VALUES ('late')"))

    with pytest.raises(DatabaseBusy):
        read_and_write()

    assert words(engine) == ["first"]


def test_a_slice_that_nobody_overtook_stays(engine: Engine, beside: Engine) -> None:
    with slicing(engine) as connection:
        connection.execute(text("SELECT word FROM words")).all()
        connection.execute(text("INSERT INTO words VALUES ('slice')"))

    assert words(beside) == ["slice"]


def test_only_what_can_be_done_again_does_not_wait_for_the_disk(engine: Engine) -> None:
    """1 is NORMAL, 2 is FULL."""
    with slicing(engine) as connection:
        of_slice = connection.execute(text("PRAGMA synchronous")).scalar_one()
    with writing(engine) as connection:
        of_all_else = connection.execute(text("PRAGMA synchronous")).scalar_one()

    assert (of_slice, of_all_else) == (1, 2)


def test_what_a_connection_was_set_to_is_set_again_only_for_another_kind_of_transaction(
    engine: Engine,
) -> None:
    """Leaving takes less time than five settings by way of SQLAlchemy."""
    statements: list[str] = []
    with reading(engine) as connection:
        driver = connection.connection.dbapi_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_trace_callback(statements.append)

    for transaction in (slicing, writing, writing, reading, reading):
        with transaction(engine) as connection:
            connection.execute(text("SELECT 1"))
    driver.set_trace_callback(None)

    settings = [one for one in statements if "synchronous" in one or "query_only" in one]
    assert settings == [
        "PRAGMA synchronous = NORMAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA query_only = ON",
    ]


def test_a_connection_in_place_of_one_that_was_lost_waits_for_the_disk(engine: Engine) -> None:
    with slicing(engine) as connection:
        connection.execute(text("SELECT word FROM words")).all()
    engine.raw_connection().invalidate()

    with writing(engine) as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2


def test_a_writer_gets_its_turn_when_the_one_before_is_done(engine: Engine) -> None:
    patient = open_engine(f"sqlite:///{engine.url.database}", busy_timeout=10)
    with ThreadPoolExecutor(1) as pool:
        with writing(engine) as connection:
            waiting = pool.submit(add, patient, "second")
            connection.execute(text("INSERT INTO words VALUES ('first')"))
            assert not waiting.done()
        waiting.result(timeout=5)
    patient.dispose()

    assert words(engine) == ["first", "second"]


def test_a_reference_to_nothing_is_refused(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE lines (word TEXT REFERENCES words (word))"))

    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(text("INSERT INTO lines VALUES ('nowhere')"))


def test_a_broken_constraint_is_our_own_fault_and_stays_what_it_is(engine: Engine) -> None:
    add(engine, "once")

    with pytest.raises(IntegrityError):
        add(engine, "once")


def test_an_error_does_not_show_what_was_to_be_stored(engine: Engine) -> None:
    """X13: errors end in logs, and parameters hold addresses."""
    add(engine, "dai@example.org")

    with pytest.raises(IntegrityError) as caught:
        add(engine, "dai@example.org")

    assert "dai@example.org" not in str(caught.value)


def test_a_full_disk_is_named_and_nothing_is_kept(engine: Engine) -> None:
    with pytest.raises(SurroundingsFailed, match="disk is full"), writing(engine) as connection:  # noqa: PT012 - the block is the transaction
        connection.exec_driver_sql("PRAGMA max_page_count = 4")
        for number in range(100):
            word = f"{number}".ljust(4000, ".")
            connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})

    assert words(engine) == []


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("letter.db", b"Dear reader, " * 100, "not a database"),
        ("missing/words.db", None, "cannot be opened"),
    ],
)
def test_a_file_that_is_no_database_is_named_with_a_cure(
    tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    engine = open_engine(f"sqlite:///{file}")

    with pytest.raises(SurroundingsFailed, match=says) as caught:
        words(engine)

    engine.dispose()
    assert str(file) in str(caught.value)
    assert caught.value.cure


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "what? 100% & more #1"
    folder.mkdir()
    engine = open_engine(f"sqlite:///{folder / 'words.db'}")

    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE words (word TEXT)"))
    engine.dispose()

    assert [file.name for file in folder.iterdir()] == ["words.db"]


@pytest.mark.parametrize(
    "url", ["postgresql://db.example.org/news", "sqlite:///relative.db", "sqlite://", "words.db"]
)
def test_an_address_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match="is not the address of a database"):
        open_engine(url)


def test_whoever_has_less_patience_than_the_engine_waits_no_longer(
    engine: Engine, beside: Engine
) -> None:
    patient = open_engine(f"sqlite:///{engine.url.database}", busy_timeout=60)

    with writing(beside), pytest.raises(DatabaseBusy), writing(patient, patience=0.01):
        pass

    patient.dispose()
