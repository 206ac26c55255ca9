"""A worker's turns: what is wrong is said when that changes, and ends no worker."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from newsletter.app.workspace import Workspace
from newsletter.cli.worker import Worker
from newsletter.dispatch.stopping import Stopping
from newsletter.storage.engine import open_engine, writing
from tests.notice_rows import ask_for
from tests.smtp_server import RecordingServer
from tests.workspaces import a_workspace


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Somebody else writes to the database all the while."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def hasty(workspace: Workspace) -> Iterator[Workspace]:
    """The workspace with a database that nobody waits for."""
    file = workspace.settings.database_file
    assert file is not None
    engine = open_engine(f"sqlite:///{file}", busy_timeout=0.05)
    yield Workspace(workspace.settings, engine, workspace.now)
    engine.dispose()


def test_a_busy_database_is_said_once_and_that_it_is_over_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        RecordingServer() as server,
        a_workspace(tmp_path / "workspace", relay=server.url) as slow,
        hasty(slow) as workspace,
    ):
        file = workspace.settings.database_file
        assert file is not None
        workspace.live_copy.bind()
        with writing(slow.engine) as connection:
            ask_for(connection, workspace.now())
        worker = Worker(workspace, Stopping(), None, skip_reachability=False)

        with locked(file):
            went_well = [worker.turn(), worker.turn()]
        while_busy = capsys.readouterr().err.splitlines()
        went_well.append(worker.turn())
        afterwards = capsys.readouterr().err.splitlines()

    assert went_well == [False, False, True]
    assert len(while_busy) == len(set(while_busy)) > 0
    assert "another newsletter command is using the database" in " ".join(while_busy)
    assert afterwards == [
        "requests answered: 1",
        "notices (confirm) accepted: 1",
        "Nothing is in the way any more.",
    ]


def test_a_turn_with_nothing_to_do_says_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_workspace(tmp_path / "workspace") as workspace:
        capsys.readouterr()

        assert Worker(workspace, Stopping(), None, skip_reachability=False).turn()

    assert capsys.readouterr().err == ""


def test_without_a_relay_it_says_once_that_notices_wait(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_workspace(tmp_path / "workspace") as workspace:
        with writing(workspace.engine) as connection:
            ask_for(connection, workspace.now())
        worker = Worker(workspace, Stopping(), None, skip_reachability=False)
        capsys.readouterr()

        assert [worker.turn() for _ in range(3)] == [True] * 3

    said = capsys.readouterr().err
    assert said.count("notices: no relay is set (relay.url), so they wait") == 1
