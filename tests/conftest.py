"""What tests of several packages share: a migrated database."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from newsletter.storage import migrations
from newsletter.storage.engine import open_engine

# A day's work looks for new examples at each run; the gate judges a change, and never by luck.
settings.register_profile("dev", max_examples=25, deadline=None)
settings.register_profile("ci", max_examples=50, deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture(scope="session")
def _migrated_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "newsletter.db"
    engine = open_engine(f"sqlite:///{file}")
    migrations.upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture
def migrated_engine(_migrated_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of the newest revision, made by the real migrations, for one test."""
    file = tmp_path / "newsletter.db"
    shutil.copy(_migrated_template, file)
    engine = open_engine(f"sqlite:///{file}")
    yield engine
    engine.dispose()


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
