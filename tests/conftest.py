"""What tests of several packages share: migrated databases."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine, delete, text

from newsletter.storage import migrations
from newsletter.storage.engine import open_engine, writing
from newsletter.storage.schema import metadata
from tests.postgresql_server import PostgresqlServer, postgresql_server

# A day's work looks for new examples at each run; the gate judges a change, and never by luck.
settings.register_profile("dev", max_examples=25, deadline=None)
settings.register_profile("ci", max_examples=50, deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "newsletter.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_engine(_migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty SQLite database of the newest revision, made by the real migrations."""
    file = tmp_path / "newsletter.db"
    shutil.copy(_migrated_file, file)
    engine = open_engine(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A real PostgreSQL, for all tests that ask for it."""
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def _empty_database(postgresql: PostgresqlServer) -> str:
    postgresql.create("empty")
    return "empty"


@pytest.fixture
def empty_postgresql(postgresql: PostgresqlServer, _empty_database: str) -> Iterator[str]:
    """The address of a PostgreSQL database with nothing in it, for one test."""
    yield postgresql.url(_empty_database)
    postgresql.clear(_empty_database)


@pytest.fixture(scope="session")
def _migrated_database(postgresql: PostgresqlServer) -> str:
    postgresql.create("migrated")
    _migrate(postgresql.url("migrated"))
    return postgresql.url("migrated")


@pytest.fixture
def postgresql_engine(_migrated_database: str) -> Iterator[Engine]:
    """A PostgreSQL database of the newest revision, made by the real migrations, with no rows.

    The same one for all tests, emptied after each: a new copy would cost ten times as much.
    """
    engine = open_engine(_migrated_database)
    yield engine
    _empty(engine)
    engine.dispose()


@pytest.fixture
def migrated_engine(sqlite_engine: Engine) -> Engine:
    """A migrated database for one test: SQLite, but for tests of what both must do alike."""
    return sqlite_engine


def _migrate(url: str) -> None:
    engine = open_engine(url)
    migrations.upgrade(engine)
    engine.dispose()


def _empty(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
        # Ids begin at 1 again, as in a new database.
        connection.execute(text("SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skips", action="store_true", help="A skipped test fails the run, as in .ci/run."
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and item.config.getoption("--no-skips"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is a failure here: {report.longrepr}"
    return report
