"""The chores, on a real workspace: what people ask for is answered, mailed and looked after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from newsletter.app.chores import ChoresReport, run_chores
from newsletter.app.notices.reports import NoticeReport
from newsletter.app.workspace import Workspace
from newsletter.dispatch.stopping import Stopping
from newsletter.domain.errors import BadAddress, RelayUnreachable
from newsletter.domain.notices import NoticeKind
from newsletter.domain.people import SubscriptionStatus
from newsletter.storage.engine import writing
from newsletter.storage.schema import subscriptions
from tests.clocks import Seconds
from tests.notice_rows import READER, ask_for, queue_notice
from tests.smtp_server import RecordingServer
from tests.workspaces import Clock, a_workspace, import_people


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as server:
        yield server


@pytest.fixture
def workspace(tmp_path: Path, server: RecordingServer, clock: Clock) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "workspace", relay=server.url, clock=clock) as workspace:
        yield workspace


def sign_up(workspace: Workspace) -> None:
    with writing(workspace.engine) as connection:
        ask_for(connection, workspace.now())


def test_who_signs_up_has_mail_after_one_round(
    workspace: Workspace, server: RecordingServer
) -> None:
    sign_up(workspace)

    report = run_chores(workspace)

    assert server.accepted_recipients == [READER]
    assert report.as_json() == {"requests": 1, "notices": {"accepted": 1}}
    assert list(report.troubles()) == []


def test_who_does_not_confirm_is_reminded_once(
    workspace: Workspace, server: RecordingServer, clock: Clock
) -> None:
    sign_up(workspace)
    run_chores(workspace)
    clock.move(hours=25)

    reports = [run_chores(workspace).as_json() for _ in range(2)]

    assert reports == [{"reminders": 1, "notices": {"accepted": 1}}, {}]
    assert server.accepted_recipients == [READER] * 2


def test_a_pause_that_is_over_ends(workspace: Workspace, clock: Clock) -> None:
    import_people(workspace)
    paused = {"status": SubscriptionStatus.PAUSED, "resumes_at": clock.at + timedelta(days=30)}
    with writing(workspace.engine) as connection:
        connection.execute(update(subscriptions).values(**paused))
    assert run_chores(workspace).as_json() == {}
    clock.move(days=30)

    assert run_chores(workspace).done["pauses"] > 0


def test_with_nothing_to_do_nothing_is_done(workspace: Workspace, server: RecordingServer) -> None:
    report = run_chores(workspace)

    assert (report, server.connections) == (ChoresReport(), 0)


def test_a_chore_that_fails_stops_no_other(workspace: Workspace, server: RecordingServer) -> None:
    workspace.spool_folder.parent.mkdir(parents=True, exist_ok=True)
    workspace.spool_folder.write_text("no folder", encoding="utf-8")
    sign_up(workspace)

    report = run_chores(workspace)

    assert [chore for chore, _ in report.faults] == ["departures"]
    assert server.accepted_recipients == [READER]


def test_nothing_is_done_to_a_database_that_was_upgraded_for_a_newer_program(
    workspace: Workspace, server: RecordingServer
) -> None:
    """`serve` and the worker may have been running since before that."""
    sign_up(workspace)
    with writing(workspace.engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_later'")

    report = run_chores(workspace)

    assert [chore for chore, _ in report.faults] == ["database"]
    assert report.have_surroundings_failed
    assert (report.done, server.messages) == ({}, [])


def test_a_relay_that_is_down_is_told_and_answers_go_on(tmp_path: Path) -> None:
    with RecordingServer() as gone:
        url = gone.url
    with a_workspace(tmp_path / "workspace", relay=url) as workspace:
        sign_up(workspace)

        report = run_chores(workspace)

        assert report.done == {"requests": 1}
        assert report.have_surroundings_failed
        (line,) = report.troubles()
        assert line.startswith("notices: 127.0.0.1:")


def test_nothing_is_begun_when_the_time_is_up_or_somebody_says_stop(
    workspace: Workspace, server: RecordingServer
) -> None:
    sign_up(workspace)
    stopping = Stopping()
    stopping.ask()

    assert run_chores(workspace, stopping=stopping) == ChoresReport()
    assert run_chores(workspace, seconds=0, clock=Seconds()) == ChoresReport()
    assert server.messages == []


def test_what_is_said_of_a_fault_holds_nothing_of_a_person() -> None:
    report = ChoresReport(
        faults=[
            ("requests", BadAddress(f"{READER} is none")),
            ("reminders", ValueError(READER)),
            ("notices", RelayUnreachable("the connection was refused", where="127.0.0.1:25")),
        ]
    )

    assert list(report.troubles()) == [
        "requests: the program itself failed (BadAddress)",
        "reminders: the program itself failed (ValueError)",
        "notices: 127.0.0.1:25: the connection was refused",
    ]


def test_notices_that_wait_for_a_relay_to_be_set_are_no_fault(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "workspace") as workspace:
        with writing(workspace.engine) as connection:
            queue_notice(connection, workspace.now(), NoticeKind.CONFIRM)

        report = run_chores(workspace)

    assert report.notices == NoticeReport(without_relay=1)
    assert report.waits == "notices: no relay is set (relay.url), so they wait"
    assert (list(report.troubles()), report.as_json()) == ([], {})
