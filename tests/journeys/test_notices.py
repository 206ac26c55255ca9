"""Mail that readers ask for, sent by whoever is there to do it: `send due`, and the worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsletter.app.workspace import open_workspace
from newsletter.storage.engine import reading, writing
from tests.independent_decoder import read_part
from tests.notice_rows import READER, ask_for, rows
from tests.prepared_bulletin import PEOPLE, SLUG, make_bulletin
from tests.smtp_server import RecordingServer
from tests.terminal import Terminal

PATIENCE = 60
"""Seconds after which a worker that does not stop is a failed test."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordingServer]:
    with RecordingServer() as server:
        monkeypatch.setenv("NEWSLETTER_RELAY_URL", server.url)
        yield server


def sign_up(folder: Path) -> None:
    """What the page for signing up does."""
    with open_workspace(folder / "newsletter.toml") as opened, writing(opened.engine) as connection:
        ask_for(connection, opened.now())


def states(folder: Path) -> list[str]:
    with open_workspace(folder / "newsletter.toml") as opened, reading(opened.engine) as connection:
        return [row.state for row in rows(connection)]


def test_send_due_answers_who_signs_up_and_is_silent(
    newsletter: Terminal, workspace: Path, server: RecordingServer
) -> None:
    sign_up(workspace)

    due = newsletter("send", "due")

    assert (due.code, due.out, due.err) == (0, "", "")
    assert server.accepted_recipients == [READER]
    assert newsletter("send", "due", "--json").json == {"started": [], "busy": [], "held": []}


def test_a_script_is_told_what_was_done(
    newsletter: Terminal, workspace: Path, server: RecordingServer
) -> None:
    sign_up(workspace)

    told = newsletter("send", "due", "--json").json

    assert told["chores"] == [{"requests": 1, "notices": {"accepted": 1}}]
    assert len(server.messages) == 1


def test_a_log_has_a_line_for_each_notice_and_no_address(
    newsletter: Terminal, workspace: Path, server: RecordingServer
) -> None:
    sign_up(workspace)

    due = newsletter("send", "due", "--log-json")

    assert '"event": "notice", "notice": 1, "kind": "confirm", "state": "accepted"' in due.err
    assert "@" not in due.err
    assert len(server.messages) == 1


def test_a_relay_that_is_down_is_said_and_the_notice_waits(
    newsletter: Terminal, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RecordingServer() as gone:
        monkeypatch.setenv("NEWSLETTER_RELAY_URL", gone.url)
    sign_up(workspace)

    due = newsletter("send", "due")

    assert due.code == 3
    assert due.err.startswith("notices: 127.0.0.1:")
    assert states(workspace) == ["pending"]


def test_a_refusal_of_one_notice_does_not_make_send_due_fail(
    newsletter: Terminal, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RecordingServer(refused=[READER]) as server:
        monkeypatch.setenv("NEWSLETTER_RELAY_URL", server.url)
        sign_up(workspace)

        due = newsletter("send", "due")

    assert (due.code, due.err) == (0, "")
    assert states(workspace) == ["failed"]


def test_without_a_relay_notices_wait_and_cron_hears_nothing(
    newsletter: Terminal, workspace: Path
) -> None:
    sign_up(workspace)

    due = newsletter("send", "due")
    log = newsletter("send", "due", "--log-json").err

    assert (due.code, due.out, due.err) == (0, "", "")
    assert '"event": "waiting", "what": "notices: no relay is set (relay.url), so they wait"' in log
    assert states(workspace) == ["pending"]
    assert not (workspace / "data" / "outbox").exists()


@contextmanager
def a_worker(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """`newsletter worker`, as a service manager starts it; stopped at the end at the latest."""
    line = [sys.executable, "-m", "newsletter", "worker", *options]
    environment = os.environ | {"NEWSLETTER_CONFIG": str(folder / "newsletter.toml")}
    with subprocess.Popen(line, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """What the worker says up to and with the line that has these words in it."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if words in line:
            return said
    raise AssertionError(f"it ended, and had said: {said}")


def test_a_worker_sends_editions_and_notices_and_stops_when_asked(
    newsletter: Terminal, tmp_path: Path, server: RecordingServer
) -> None:
    folder = make_bulletin(tmp_path / "bulletin", ["edition", "schedule", SLUG, "--at", "now"])
    sign_up(folder)

    with a_worker(folder) as worker:
        said = read_until(worker, f"{SLUG}: complete; 3 accepted")
        worker.send_signal(signal.SIGTERM)
        said += read_until(worker, "Stopped")
        code = worker.wait(PATIENCE)

    assert code == 0
    assert said.splitlines()[0].startswith("Working on ")
    assert "requests answered: 1" in said
    assert "notices (confirm) accepted: 1" in said
    assert sorted(server.accepted_recipients) == sorted([*PEOPLE, READER])
    to_reader = [one for one in server.messages if one.rcpt_to == READER]
    assert read_part(to_reader[0].content).one("Auto-Submitted") == "auto-generated"


def test_a_worker_outlives_a_relay_that_is_down_and_says_so_once(
    newsletter: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_bulletin(tmp_path / "bulletin")
    with RecordingServer() as gone:
        monkeypatch.setenv("NEWSLETTER_RELAY_URL", gone.url)
    sign_up(folder)

    with a_worker(folder, "--log-json") as worker:
        said = read_until(worker, '"event": "trouble"')
        worker.send_signal(signal.SIGTERM)
        said += read_until(worker, '"event": "worker-ends"')
        code = worker.wait(PATIENCE)

    assert code == 0
    assert said.count('"event": "trouble"') == 1
    assert states(folder) == ["pending"]


def test_a_worker_on_a_copy_of_the_database_does_not_begin(
    newsletter: Terminal, tmp_path: Path, server: RecordingServer
) -> None:
    folder = make_bulletin(tmp_path / "bulletin", ["send", "due"])
    copy = folder.rename(tmp_path / "copy")

    answer = newsletter("worker", "--config", copy / "newsletter.toml")

    assert answer.code == 3
    assert "db adopt" in answer.err
