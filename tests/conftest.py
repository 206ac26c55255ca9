"""What tests of several packages share: a migrated database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.storage import migrations
from newsletter.storage.engine import open_engine


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
