"""A file that was moved away is written to no more, and none is made in its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.engine import open_engine, reading, writing


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "words.db"


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{file}", busy_timeout=0.05)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE words (word TEXT PRIMARY KEY)"))
    engine.dispose()  # all of it is in the file now, and none beside it
    with reading(engine):
        pass  # it is open from here on
    yield engine
    engine.dispose()


def add(engine: Engine, word: str) -> None:
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})


def words(file: Path) -> list[str]:
    engine = open_engine(f"sqlite:///{file}")
    try:
        with reading(engine) as connection:
            return list(connection.execute(text("SELECT word FROM words ORDER BY word")).scalars())
    finally:
        engine.dispose()


def test_nothing_is_written_to_a_file_that_was_moved_away(engine: Engine, file: Path) -> None:
    away = file.rename(file.with_name("away.db"))

    for _ in range(2):
        with pytest.raises(SurroundingsFailed, match="not there any more"):
            add(engine, "coll")

    assert words(away) == []
    assert not file.exists()


def test_a_file_that_comes_back_is_written_to_again(engine: Engine, file: Path) -> None:
    away = file.rename(file.with_name("away.db"))
    with pytest.raises(SurroundingsFailed):
        add(engine, "coll")
    away.rename(file)

    add(engine, "croeso")

    assert words(file) == ["croeso"]


def test_another_file_in_its_place_is_met_with_an_error_and_then_used(
    engine: Engine, file: Path
) -> None:
    other = file.with_name("other.db")
    other.write_bytes(file.read_bytes())
    other.replace(file)

    with pytest.raises(SurroundingsFailed):
        add(engine, "between")
    add(engine, "after")

    assert words(file) == ["after"]
