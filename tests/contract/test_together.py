"""Changes of many threads share transactions, and none of them notices the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier, Event

import pytest
from sqlalchemy import Connection, Engine, event, select, text

from newsletter.app.readers.together import Together
from newsletter.audience.topics import add_topic
from newsletter.domain.errors import DatabaseBusy, SchemaMismatch
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import topics

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
MANY = 6


@pytest.fixture
def together(migrated_engine: Engine) -> Together:
    return Together(migrated_engine, patience=5)


def adding(slug: str) -> Callable[[Connection], str]:
    def change(connection: Connection) -> str:
        add_topic(connection, slug, names={"en": slug}, private=False, actor="staff", now=NOW)
        return slug

    return change


def slugs(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(select(topics.c.slug).order_by(topics.c.slug)).scalars())


def test_each_gets_what_its_own_change_gave(migrated_engine: Engine, together: Together) -> None:
    wanted = [f"topic-{number}" for number in range(MANY)]

    with ThreadPoolExecutor(MANY) as threads:
        came = list(threads.map(together, map(adding, wanted)))

    assert came == wanted
    assert slugs(migrated_engine) == wanted


def test_those_who_come_while_one_is_at_it_share_one_transaction(
    migrated_engine: Engine, together: Together
) -> None:
    begun, go_on, all_there = Event(), Event(), Barrier(MANY + 1)
    commits: list[Connection] = []
    event.listen(migrated_engine, "commit", commits.append)

    def slow(connection: Connection) -> None:
        begun.set()
        go_on.wait(30)

    def come(slug: str) -> str:
        all_there.wait(30)
        return together(adding(slug))

    with ThreadPoolExecutor(MANY + 1) as threads:
        first = threads.submit(together, slow)
        begun.wait(30)
        others = [threads.submit(come, f"topic-{number}") for number in range(MANY)]
        all_there.wait(30)
        while len(together.waiting) < MANY:
            pass
        go_on.set()
        first.result(30)
        assert len({one.result(30) for one in others}) == MANY

    assert len(commits) == 2


def test_one_that_fails_fails_alone(migrated_engine: Engine, together: Together) -> None:
    begun, go_on = Event(), Event()

    def slow(connection: Connection) -> None:
        begun.set()
        go_on.wait(30)

    def broken(connection: Connection) -> None:
        adding("broken")(connection)
        raise ZeroDivisionError

    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(together, slow)
        begun.wait(30)
        bad, good = threads.submit(together, broken), threads.submit(together, adding("good"))
        while len(together.waiting) < 2:
            pass
        go_on.set()
        first.result(30)
        good.result(30)
        with pytest.raises(ZeroDivisionError):
            bad.result(30)

    assert slugs(migrated_engine) == ["good"]


def test_whoever_has_waited_long_enough_is_told(migrated_engine: Engine) -> None:
    impatient = Together(migrated_engine, patience=0.01)

    with writing(migrated_engine), pytest.raises(DatabaseBusy):
        impatient(adding("late"))

    assert slugs(migrated_engine) == []


@pytest.fixture
def of_a_newer_program(migrated_engine: Engine) -> Iterator[None]:
    update = text("UPDATE alembic_version SET version_num = :revision")
    with writing(migrated_engine) as connection:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(update, {"revision": "9999_later"})
    yield
    with writing(migrated_engine) as connection:
        connection.execute(update, {"revision": revision})


@pytest.mark.usefixtures("of_a_newer_program")
def test_a_database_of_a_newer_program_is_not_touched(
    migrated_engine: Engine, together: Together
) -> None:
    with pytest.raises(SchemaMismatch):
        together(adding("late"))

    assert slugs(migrated_engine) == []


def test_a_database_without_anything_in_it_is_not_touched(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as connection:
        connection.execute(text("DROP TABLE alembic_version"))

    with pytest.raises(SchemaMismatch):
        Together(sqlite_engine, patience=5)(adding("late"))
