"""What the tests of crashes and faults share: a workspace to copy, and a zygote for its senders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.torture.edition_run import Ground
from tests.torture.senders import Senders
from tests.torture.workspaces import Audience, make_template
from tests.workspaces import Clock

_PEOPLE = Audience(120)


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("torture") / "template", _PEOPLE)


@pytest.fixture(scope="session")
def _senders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Senders]:
    with Senders(tmp_path_factory.mktemp("said")) as senders:
        yield senders


@pytest.fixture
def ground(_template: Path, _senders: Senders, tmp_path: Path) -> Ground:
    """Where one test's editions are sent."""
    return Ground(_template, _PEOPLE, _senders, tmp_path)


@pytest.fixture
def clock() -> Clock:
    """For senders in this process; the edition is due by it."""
    return Clock(datetime.now(UTC) + timedelta(minutes=1))
