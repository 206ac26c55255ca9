"""Editions that are due in quiet hours, and what people may do in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope

from newsletter.app import approving, edition_status
from newsletter.app.sending import Sender
from newsletter.app.workspace import Workspace
from newsletter.domain.editions import EditionState
from newsletter.domain.quiet_hours import QuietHours
from tests.smtp_server import RecordingServer
from tests.workspaces import PEOPLE, SHORT, Clock, a_workspace, ready_to_send

AT_FOUR = datetime(2026, 11, 2, 16, tzinfo=UTC)
AT_ONE_RECEIVER = 5
"""The most messages that are under way to one."""

QUIET = QuietHours(time(9), time(16))
"""From when the clock of the tests begins to stand; longer than an edition may be late."""


@pytest.fixture
def clock() -> Clock:
    return Clock()


class TellingServer(RecordingServer):
    """Says of each message that it has, which it is."""

    on_kept: Callable[[int], None] = staticmethod(lambda number: None)

    def keep(self, envelope: Envelope) -> None:
        super().keep(envelope)
        self.on_kept(len(self.messages))


@pytest.fixture
def server() -> Iterator[TellingServer]:
    with TellingServer() as server:
        yield server


@contextmanager
def quiet_workspace(folder: Path, relay: str | None, clock: Clock) -> Iterator[Workspace]:
    with a_workspace(folder, relay=relay, clock=clock) as workspace:
        dispatch = workspace.settings.dispatch.model_copy(update={"quiet_hours": QUIET})
        settings = workspace.settings.model_copy(update={"dispatch": dispatch})
        yield replace(workspace, settings=settings)


@pytest.fixture
def workspace(tmp_path: Path, server: RecordingServer, clock: Clock) -> Iterator[Workspace]:
    with quiet_workspace(tmp_path / "workspace", server.url, clock) as workspace:
        ready_to_send(workspace)
        yield workspace


def state_of(workspace: Workspace) -> EditionState:
    return edition_status.status(workspace, SHORT).edition.state


def test_what_is_due_in_quiet_hours_waits_and_goes_when_they_are_over(
    workspace: Workspace, server: RecordingServer, clock: Clock
) -> None:
    """However long they are: it is not late for that."""
    approving.schedule(workspace, SHORT, "now", actor="test")

    report = Sender(workspace, "test").due()

    assert (report.exit_code, report.started, report.held) == (0, [], [])
    assert report.as_json()["quiet"] == [{"edition": SHORT, "until": AT_FOUR.isoformat()}]
    assert state_of(workspace) is EditionState.SCHEDULED
    assert server.messages == []

    clock.at = AT_FOUR
    report = Sender(workspace, "test").due()

    assert report.as_json() == {"started": [SHORT], "busy": [], "held": []}
    assert len(server.accepted_recipients) == PEOPLE
    assert state_of(workspace) is EditionState.COMPLETE


def test_a_run_takes_nothing_on_once_quiet_hours_have_begun_and_the_next_goes_on(
    workspace: Workspace, server: TellingServer, clock: Clock
) -> None:
    clock.move(seconds=-1)
    approving.schedule(workspace, SHORT, "now", actor="test")
    server.on_kept = lambda number: clock.move(seconds=number == 3)

    report = Sender(workspace, "test").due()

    assert (report.exit_code, report.started, report.was_stopped) == (0, [SHORT], False)
    assert 3 <= len(server.messages) <= 3 + AT_ONE_RECEIVER
    assert state_of(workspace) is EditionState.SENDING

    clock.at = AT_FOUR
    Sender(workspace, "test").due()

    assert len(server.accepted_recipients) == len(set(server.accepted_recipients)) == PEOPLE
    assert state_of(workspace) is EditionState.COMPLETE


def test_without_a_relay_nothing_is_held_before_quiet_hours_are_over(
    tmp_path: Path, clock: Clock
) -> None:
    with quiet_workspace(tmp_path / "workspace", None, clock) as workspace:
        ready_to_send(workspace)
        approving.schedule(workspace, SHORT, "now", actor="test")

        report = Sender(workspace, "test").due()

        assert report.held == []
        assert state_of(workspace) is EditionState.SCHEDULED


def test_a_person_may_send_in_quiet_hours(workspace: Workspace, server: RecordingServer) -> None:
    report = Sender(workspace, "test").run(SHORT)

    assert (report.started, report.quiet) == ([SHORT], [])
    assert len(server.accepted_recipients) == PEOPLE


def test_an_edition_says_until_when_it_waits_and_only_if_it_is_due(
    workspace: Workspace, clock: Clock
) -> None:
    approving.schedule(workspace, SHORT, "2026-11-02T10:00", actor="test")
    assert edition_status.status(workspace, SHORT).quiet_until is None

    clock.move(hours=2)
    standing = edition_status.status(workspace, SHORT)

    assert standing.quiet_until == AT_FOUR
    assert standing.as_json()["quiet_until"] == AT_FOUR.isoformat()
