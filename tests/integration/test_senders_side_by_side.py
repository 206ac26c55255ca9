"""Several senders of one edition at once, on a database that is a server's."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from newsletter.app import approving, edition_status
from newsletter.app.first_topic import add_first_topic
from newsletter.app.new_workspace import prepare_data
from newsletter.app.send_report import SendReport
from newsletter.app.sending import Sender
from newsletter.app.workspace import Workspace, open_settings
from newsletter.domain.editions import EditionState
from newsletter.resources import examples_folder
from newsletter.settings.model import Settings
from newsletter.settings.reading import read_settings
from newsletter.storage.engine import reading, writing
from newsletter.storage.process_lock import process_lock
from newsletter.storage.schema import delivery_attempts, subscribers, subscriptions
from tests.smtp_server import RecordingServer
from tests.workspaces import PEOPLE, SHORT, Clock, ready_to_send

MORE = 300
CLOCK = Clock()


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, empty_postgresql: str, server: RecordingServer) -> Settings:
    """A workspace whose database is a server's, with an approved edition for 312 people."""
    folder = tmp_path / "workspace"
    shutil.copytree(examples_folder(), folder)
    file = folder / "newsletter.toml"
    with file.open("a", encoding="utf-8") as end:
        end.write(f'\n[database]\nurl = "{empty_postgresql}"\n')
        end.write(f'\n[relay]\nurl = "{server.url}"\nconnections = 3\n')
    settings = read_settings(file, use_environment=False)
    prepare_data(settings)
    add_first_topic(settings, actor="test")
    with open_settings(settings, now=CLOCK) as workspace:
        ready_to_send(workspace)
        _add_people(workspace)
    return settings


def _add_people(workspace: Workspace) -> None:
    ids = range(1000, 1000 + MORE)
    person = {"name": "", "language": "en", "format": "html", "attributes": {}}
    given = {"topic_id": 1, "status": "active", "basis": "consent", "since": CLOCK()}
    with writing(workspace.engine) as connection:
        connection.execute(
            insert(subscribers),
            [
                {"id": one, "handle": one, "created_at": CLOCK(), **person}
                | dict.fromkeys(("address", "canonical"), f"r{one}@example.org")
                for one in ids
            ],
        )
        connection.execute(insert(subscriptions), [{"subscriber_id": one, **given} for one in ids])


def test_senders_share_an_edition_and_nobody_gets_it_twice(
    settings: Settings, server: RecordingServer
) -> None:
    """S10, design 5: on a server any number share it."""
    together = threading.Barrier(2)

    def send(_: int) -> SendReport:
        with open_settings(settings, now=CLOCK) as workspace:
            together.wait(10)
            return Sender(workspace, "test").run(SHORT)

    with ThreadPoolExecutor(2) as senders:
        reports = list(senders.map(send, range(2)))

    assert len(server.messages) == len(set(server.accepted_recipients)) == PEOPLE + MORE
    tallies = [report.tally["accepted"] for report in reports]
    assert sum(tallies) == PEOPLE + MORE
    assert min(tallies) > 0
    with open_settings(settings, now=CLOCK) as workspace:
        standing = edition_status.status(workspace, SHORT)
        by_sender = select(delivery_attempts.c.sender_id, func.count()).group_by("sender_id")
        with reading(workspace.engine) as connection:
            attempts = [number for _, number in connection.execute(by_sender)]
    assert standing.edition.state is EditionState.COMPLETE
    assert sorted(attempts) == sorted(tallies)
    assert list((settings.data_folder / "journal").glob("*.journal")) == []


def test_cron_joins_no_sender_of_its_machine_and_a_person_may(
    settings: Settings, server: RecordingServer
) -> None:
    """A long edition would have one sender more every minute, each with connections of its own."""
    with open_settings(settings, now=CLOCK) as workspace:
        approving.schedule(workspace, SHORT, "now", actor="test")
        with process_lock(workspace.lock_folder, SHORT):
            by_cron = Sender(workspace, "test").due()
            mailed_by_cron = len(server.messages)
            by_hand = Sender(workspace, "test").run(SHORT)

    ((slug, other),) = by_cron.busy
    assert (slug, other.pid, by_cron.started) == (SHORT, str(os.getpid()), [])
    assert (by_cron.exit_code, mailed_by_cron) == (0, 0)
    assert (by_hand.busy, by_hand.started) == ([], [SHORT])
    assert len(server.messages) == PEOPLE + MORE


def test_cron_of_each_machine_takes_part(
    settings: Settings, server: RecordingServer, tmp_path: Path
) -> None:
    """Another machine has a folder of its own, and so a lock of its own."""
    with open_settings(settings, now=CLOCK) as workspace:
        approving.schedule(workspace, SHORT, "now", actor="test")
        with process_lock(tmp_path / "locks of another machine", SHORT):
            report = Sender(workspace, "test").due()

    assert (report.busy, report.started) == ([], [SHORT])
    assert len(server.messages) == PEOPLE + MORE
