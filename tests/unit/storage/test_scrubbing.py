"""Nothing readable is left in the database's files of what was deleted."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, text

from newsletter.storage.engine import open_engine, reading, writing
from newsletter.storage.scrubbing import overwrite_deleted, scrub

SECRET = b"sioned.ap.rhys@example.org"


def a_database(folder: Path) -> Engine:
    engine = open_engine(f"sqlite:///{folder}/a.db", busy_timeout=0.05)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE people (address TEXT)"))
        connection.execute(text("INSERT INTO people VALUES (:one)"), {"one": SECRET.decode()})
    return engine


def delete(engine: Engine) -> None:
    with writing(engine) as connection:
        overwrite_deleted(connection)
        connection.execute(text("DELETE FROM people"))


def on_disk(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.iterdir())


def test_what_is_deleted_is_overwritten_whatever_the_system_does_by_itself(tmp_path: Path) -> None:
    """L4"""
    engine = a_database(tmp_path)
    with writing(engine) as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")

        overwrite_deleted(connection)

        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1
    engine.dispose()


def test_the_log_is_emptied_too(tmp_path: Path) -> None:
    """L4"""
    engine = a_database(tmp_path)
    delete(engine)
    assert SECRET in on_disk(tmp_path)

    assert scrub(engine)

    assert SECRET not in on_disk(tmp_path)
    engine.dispose()


def test_somebody_who_still_reads_an_earlier_moment_keeps_the_log(tmp_path: Path) -> None:
    engine = a_database(tmp_path)
    with reading(engine) as connection:
        assert len(connection.execute(text("SELECT * FROM people")).all()) == 1
        delete(engine)

        assert not scrub(engine)

    assert scrub(engine)
    assert SECRET not in on_disk(tmp_path)
    engine.dispose()


def test_postgresql_is_vacuumed(postgresql_engine: Engine) -> None:
    assert scrub(postgresql_engine)
