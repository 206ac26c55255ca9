"""Sending editions to a real SMTP server; what the server received is the judge."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from newsletter.app import approving, edition_status, going_on, people
from newsletter.app.editing import import_edition
from newsletter.app.edition_audience import EditionAudience
from newsletter.app.freezing import freeze_audience
from newsletter.app.sending import Sender
from newsletter.app.trial import send_trial
from newsletter.app.workspace import Workspace
from newsletter.audience.suppressed_targets import parse_target
from newsletter.audience.suppressions import NewSuppression, suppress
from newsletter.dispatch import ledger, senders, turns
from newsletter.dispatch.due_deliveries import DueDeliveries
from newsletter.dispatch.journal_records import read_journal
from newsletter.dispatch.ledger import Lease
from newsletter.dispatch.ports import SMTP
from newsletter.dispatch.stopping import Stopping
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import EditionState, HeldReason
from newsletter.domain.errors import DatabaseBusy, Refused, RelayUnreachable, SurroundingsFailed
from newsletter.domain.people import SuppressionReason
from newsletter.editions import snapshots, store
from newsletter.editions.lifecycle import Step
from newsletter.settings.model import Settings
from newsletter.settings.tables import Ambiguous, Durability
from newsletter.storage.engine import writing
from newsletter.storage.process_lock import process_lock
from newsletter.storage.schema import audit, deliveries, editions
from tests.independent_decoder import read_part
from tests.smtp_server import Misbehaviour, RecordingServer
from tests.workspaces import PEOPLE, SHORT, Clock, a_workspace, edition_file, ready_to_send


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


@pytest.fixture
def outbox_workspace(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "workspace", clock=clock) as workspace:
        yield workspace


def _without_relay(workspace: Workspace) -> Settings:
    settings = workspace.settings
    return settings.of_folder(
        settings.folder,
        **settings.model_dump(exclude={"relay"}, exclude_unset=True),
    )


def _counts(workspace: Workspace) -> dict[str, int]:
    counts = edition_status.status(workspace, SHORT).counts
    return {state.value: number for state, number in counts.items() if number}


def test_everybody_gets_it_once_in_their_language(
    workspace: Workspace, server: RecordingServer
) -> None:
    ready_to_send(workspace)

    report = Sender(workspace, "test").run(SHORT)

    assert report.exit_code == 0
    assert len(server.accepted_recipients) == len(set(server.accepted_recipients)) == PEOPLE
    languages = Counter(b"Content-Language: cy\r\nMIME" in one.content for one in server.messages)
    assert languages == {True: 4, False: 8}
    assert edition_status.status(workspace, SHORT).edition.state is EditionState.COMPLETE


def test_running_it_again_mails_nobody_twice(workspace: Workspace, server: RecordingServer) -> None:
    ready_to_send(workspace)
    Sender(workspace, "test").run(SHORT)

    with pytest.raises(Refused, match="its state is complete"):
        Sender(workspace, "test").run(SHORT)

    assert len(server.messages) == PEOPLE


def test_a_second_sender_stands_by_and_says_who_is_sending(
    workspace: Workspace, server: RecordingServer
) -> None:
    """S10."""
    ready_to_send(workspace)

    with process_lock(workspace.lock_folder, SHORT) as nobody:
        report = Sender(workspace, "test").run(SHORT)

    assert nobody is None
    assert (report.exit_code, report.started, server.messages) == (0, [], [])
    ((slug, other),) = report.busy
    assert (slug, other.pid) == (SHORT, str(os.getpid()))


def test_two_processes_at_once_mail_everybody_once(
    workspace: Workspace, server: RecordingServer
) -> None:
    """S10: two crons at the same minute."""
    ready_to_send(workspace)
    approving.schedule(workspace, SHORT, "now", actor="test")
    command = [sys.executable, "-m", "newsletter", "send", "run", SHORT, "--yes"]
    command += ["--config", str(workspace.settings.folder / "newsletter.toml")]

    both = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    errors = [one.communicate(timeout=60)[1].decode() for one in both]

    assert sorted(server.accepted_recipients) == sorted(set(server.accepted_recipients))
    assert len(server.messages) == PEOPLE
    assert _counts(workspace) == {"accepted": PEOPLE}
    for one, said in zip(both, errors, strict=True):
        came_too_late = "being sent by" in said or "its state is complete" in said
        assert one.returncode == 0 or (one.returncode == 1 and came_too_late), said


def test_who_left_or_is_suppressed_after_the_freeze_is_skipped(
    workspace: Workspace, server: RecordingServer, tmp_path: Path, clock: Clock
) -> None:
    """A7: a deferred delivery is looked at again before its next attempt."""
    with RecordingServer(Misbehaviour.GREYLIST) as greylisting:
        with a_workspace(tmp_path / "workspace", relay=greylisting.url, clock=clock) as first:
            ready_to_send(first)
            Sender(first, "test").run(SHORT)
        assert _counts(workspace) == {"deferred": PEOPLE}
    people.unsubscribe(workspace, "tom.ashgrove@example.org", None, actor="test")
    with writing(workspace.engine) as connection:
        suppress(
            connection,
            NewSuppression(parse_target("priya.nair@example.org"), SuppressionReason.MANUAL),
            workspace.seals,
            actor="test",
            at=clock(),
        )
    clock.move(minutes=37)

    with a_workspace(tmp_path / "workspace", relay=server.url, clock=clock) as again:
        report = Sender(again, "test").run(SHORT)

    assert report.exit_code == 0
    assert _counts(workspace) == {"accepted": PEOPLE - 2, "skipped": 2}
    assert not {"tom.ashgrove@example.org", "priya.nair@example.org"} & set(
        server.accepted_recipients
    )


def test_a_deferred_delivery_keeps_its_message_id(tmp_path: Path, clock: Clock) -> None:
    """M9: the same at every attempt, so that a doubled message can be known."""

    def message_ids(server: RecordingServer) -> dict[str, str]:
        return {one.rcpt_to: read_part(one.content).one("Message-ID") for one in server.messages}

    folder = tmp_path / "workspace"
    with (
        RecordingServer(Misbehaviour.DROP_BEFORE_REPLY) as dropping,
        a_workspace(folder, relay=dropping.url, clock=clock) as workspace,
    ):
        ready_to_send(workspace)
        Sender(workspace, "test").run(SHORT)
        # As if somebody had decided that the unknown ones are to be tried again.
        with writing(workspace.engine) as connection:
            connection.execute(update(deliveries).values(state=DeliveryState.PENDING))
            connection.execute(update(editions).values(state=EditionState.SENDING))
    with (
        RecordingServer() as server,
        a_workspace(folder, relay=server.url, clock=clock) as workspace,
    ):
        Sender(workspace, "test").run(SHORT)

    assert message_ids(server) == message_ids(dropping)
    assert len(set(message_ids(server).values())) == PEOPLE


def test_a_connection_lost_after_the_dot_is_unknown_and_not_tried_again(
    tmp_path: Path, clock: Clock
) -> None:
    """S8."""
    with (
        RecordingServer(Misbehaviour.DROP_BEFORE_REPLY) as dropping,
        a_workspace(tmp_path / "workspace", relay=dropping.url, clock=clock) as workspace,
    ):
        ready_to_send(workspace)

        report = Sender(workspace, "test").run(SHORT)
        clock.move(days=2)
        Sender(workspace, "test").due()

        assert report.exit_code == 1
        assert _counts(workspace) == {"unknown": PEOPLE}
        assert len(dropping.messages) == PEOPLE


def test_what_is_unknown_is_sent_again_once_in_a_run_where_the_settings_say_so(
    tmp_path: Path, clock: Clock
) -> None:
    """`dispatch.ambiguous = "resend"`: a relay that takes mail and drops is not mailed for ever."""
    with (
        RecordingServer(Misbehaviour.DROP_BEFORE_REPLY) as dropping,
        a_workspace(tmp_path / "workspace", relay=dropping.url, clock=clock) as workspace,
    ):
        dispatch = workspace.settings.dispatch.model_copy(update={"ambiguous": Ambiguous.RESEND})
        settings = workspace.settings.model_copy(update={"dispatch": dispatch})
        resending = replace(workspace, settings=settings)
        ready_to_send(resending)

        Sender(resending, "test").run(SHORT)
        once = len(dropping.messages)
        clock.move(minutes=37)
        Sender(resending, "test").run(SHORT)

    assert (once, len(dropping.messages)) == (PEOPLE, 2 * PEOPLE)
    assert _counts(workspace) == {"deferred": PEOPLE}


def test_a_refused_recipient_fails_alone(tmp_path: Path, clock: Clock) -> None:
    """S1: 5yz is for that recipient only."""
    with (
        RecordingServer(refused=["ruth.penhale@example.org"]) as server,
        a_workspace(tmp_path / "workspace", relay=server.url, clock=clock) as workspace,
    ):
        ready_to_send(workspace)

        report = Sender(workspace, "test").run(SHORT)

        assert report.exit_code == 1
        assert _counts(workspace) == {"accepted": PEOPLE - 1, "failed": 1}
        assert edition_status.status(workspace, SHORT).edition.state is EditionState.COMPLETE


def test_an_unreachable_relay_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    ready_to_send(workspace)
    with RecordingServer() as gone:
        url = gone.url
    with (
        a_workspace(tmp_path / "workspace", relay=url) as cut_off,
        pytest.raises(RelayUnreachable, match="relay"),
    ):
        Sender(cut_off, "test").run(SHORT)

    assert edition_status.status(workspace, SHORT).edition.state is EditionState.APPROVED
    assert _counts(workspace) == {}


def test_without_a_relay_run_writes_to_the_outbox_and_mails_nobody(
    outbox_workspace: Workspace,
) -> None:
    ready_to_send(outbox_workspace)

    report = Sender(outbox_workspace, "test").run(SHORT)

    outbox = outbox_workspace.settings.data_folder / "outbox" / "new"
    assert report.exit_code == 0
    assert len(list(outbox.iterdir())) == PEOPLE


def test_what_went_to_the_outbox_can_be_reset_and_sent_for_real(
    outbox_workspace: Workspace, tmp_path: Path, server: RecordingServer
) -> None:
    ready_to_send(outbox_workspace)
    Sender(outbox_workspace, "test").run(SHORT)

    assert going_on.reset(outbox_workspace, SHORT, actor="test") == PEOPLE
    with a_workspace(tmp_path / "workspace", relay=server.url) as workspace:
        Sender(workspace, "test").run(SHORT)
        assert len(server.messages) == PEOPLE
        with pytest.raises(Refused, match="were given to a mail server"):
            going_on.reset(workspace, SHORT, actor="test")


def test_nothing_can_be_reset_while_it_is_being_sent(outbox_workspace: Workspace) -> None:
    ready_to_send(outbox_workspace)

    with (
        process_lock(outbox_workspace.lock_folder, SHORT),
        pytest.raises(Refused, match="is being sent by"),
    ):
        going_on.reset(outbox_workspace, SHORT, actor="test")


def test_what_a_killed_sender_may_have_given_to_a_server_cannot_be_reset(
    workspace: Workspace,
) -> None:
    ready_to_send(workspace)
    with writing(workspace.engine) as connection:
        stored = store.edition(connection, SHORT)
        store.take_step(connection, stored, Step.START, workspace.now())
        everyone = EditionAudience(1, ("en", "cy"), None)
        freeze_audience(connection, stored, everyone)
        lease = Lease(senders.register(connection, "one.journal", workspace.now()), SMTP)
        ledger.claim(connection, DueDeliveries(stored.id), workspace.now(), 5, lease)

    with pytest.raises(Refused, match="were given to a mail server"):
        going_on.reset(workspace, SHORT, actor="test")


def test_an_edition_begun_by_a_relay_is_never_finished_into_the_outbox(
    tmp_path: Path, clock: Clock
) -> None:
    with (
        RecordingServer(Misbehaviour.GREYLIST) as server,
        a_workspace(tmp_path / "workspace", relay=server.url, clock=clock) as workspace,
    ):
        ready_to_send(workspace)
        Sender(workspace, "test").run(SHORT)
    clock.move(minutes=37)
    without = replace(workspace, settings=_without_relay(workspace))

    with pytest.raises(SurroundingsFailed, match="was begun through a mail server"):
        Sender(without, "test").run(SHORT)

    assert _counts(workspace) == {"deferred": PEOPLE}


def test_an_edition_that_lies_in_the_outbox_in_part_is_not_finished_by_a_relay(
    outbox_workspace: Workspace, tmp_path: Path, server: RecordingServer
) -> None:
    ready_to_send(outbox_workspace)
    Sender(outbox_workspace, "test").run(SHORT)
    with writing(outbox_workspace.engine) as connection:
        connection.execute(update(editions).values(state=EditionState.SENDING))
        one = deliveries.c.id == 1
        connection.execute(update(deliveries).where(one).values(state=DeliveryState.PENDING))

    with (
        a_workspace(tmp_path / "workspace", relay=server.url) as workspace,
        pytest.raises(Refused, match="newsletter send reset"),
    ):
        Sender(workspace, "test").run(SHORT)

    assert server.messages == []


def test_an_edition_unscheduled_after_the_list_was_made_is_not_sent(
    workspace: Workspace, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready_to_send(workspace)
    approving.schedule(workspace, SHORT, "now", actor="test")
    sender = Sender(workspace, "test")
    due = sender._due_slugs()
    approving.unschedule(workspace, SHORT, actor="test")
    monkeypatch.setattr(Sender, "_due_slugs", lambda _: due)

    report = sender.due()

    assert (due, report.started, server.messages) == ([SHORT], [], [])
    assert edition_status.status(workspace, SHORT).edition.state is EditionState.APPROVED


def test_no_delivery_is_tried_twice_in_one_run_however_short_the_wait(
    tmp_path: Path, clock: Clock
) -> None:
    class RunningClock(Clock):
        def __call__(self) -> datetime:
            self.move(minutes=1)
            return self.at

    with (
        RecordingServer(Misbehaviour.DEFER_MESSAGE) as server,
        a_workspace(tmp_path / "workspace", relay=server.url, clock=RunningClock()) as workspace,
    ):
        ready_to_send(workspace)
        dispatch = workspace.settings.dispatch.model_copy(
            update={"first_retry": timedelta(seconds=1)}
        )
        settings = workspace.settings.model_copy(update={"dispatch": dispatch})

        Sender(replace(workspace, settings=settings), "test").run(SHORT)

    assert _counts(workspace) == {"deferred": PEOPLE}
    assert sum(command.startswith("RCPT") for command in server.commands) == PEOPLE


def test_a_busy_database_does_not_make_accepted_mail_unknown(
    workspace: Workspace, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready_to_send(workspace)
    record, busy = turns.record, iter([False, True, True])

    def sometimes_busy(*arguments: Any) -> Any:
        if next(busy, False):
            raise DatabaseBusy("busy")
        return record(*arguments)

    monkeypatch.setattr(turns, "record", sometimes_busy)

    Sender(workspace, "test").run(SHORT)

    assert _counts(workspace) == {"accepted": PEOPLE}


def test_every_step_of_sending_is_in_the_audit(workspace: Workspace) -> None:
    """X15."""
    ready_to_send(workspace)

    Sender(workspace, "Mared").run(SHORT)

    with writing(workspace.engine) as connection:
        rows = connection.execute(
            select(audit.c.actor, audit.c.action).where(audit.c.action.startswith("send"))
        ).all()
    assert [tuple(row) for row in rows] == [("Mared", "send start"), ("Mared", "send complete")]


def test_due_without_a_relay_holds_the_edition_until_somebody_resumes_it(
    outbox_workspace: Workspace, tmp_path: Path, server: RecordingServer
) -> None:
    ready_to_send(outbox_workspace)
    approving.schedule(outbox_workspace, SHORT, "now", actor="test")

    report = Sender(outbox_workspace, "test").due()

    assert report.exit_code == 3
    assert report.as_json() == {
        "started": [],
        "busy": [],
        "held": [{"edition": SHORT, "reason": HeldReason.NO_RELAY}],
    }
    with a_workspace(tmp_path / "workspace", relay=server.url) as workspace:
        assert Sender(workspace, "test").due().as_json() == {"started": [], "busy": [], "held": []}
        resumed = going_on.resume(workspace, SHORT, actor="test")
        assert resumed.standing.edition.state is EditionState.SCHEDULED
        assert Sender(workspace, "test").due().started == [SHORT]
    assert len(server.messages) == PEOPLE


def test_nothing_is_sent_while_readers_could_not_reach_the_pages(
    workspace: Workspace, server: RecordingServer
) -> None:
    """Design 6; a name that nobody has, and that is not an example's."""
    ready_to_send(workspace)
    elsewhere = workspace.settings.site.model_copy(update={"base_url": "https://news.localhost"})
    cut_off = replace(workspace, settings=workspace.settings.model_copy(update={"site": elsewhere}))

    with pytest.raises(SurroundingsFailed, match="--skip-reachability"):
        Sender(cut_off, "test").run(SHORT)

    assert server.messages == []
    assert edition_status.status(workspace, SHORT).edition.state is EditionState.APPROVED
    report = Sender(cut_off, "test", skip_reachability=True).run(SHORT)
    assert report.tally == {"accepted": PEOPLE}


def test_an_edition_later_than_the_settings_allow_is_held_until_somebody_lets_it_go(
    workspace: Workspace, server: RecordingServer, clock: Clock
) -> None:
    """S11: the machine was down over the hour at which it was to go."""
    ready_to_send(workspace)
    approving.schedule(workspace, SHORT, "now", actor="test")
    clock.move(hours=6, seconds=1)

    report = Sender(workspace, "test").due()
    again = Sender(workspace, "test").due()

    assert (report.exit_code, report.held, server.messages) == (1, [(SHORT, HeldReason.LATE)], [])
    assert (again.exit_code, again.held) == (0, [])
    going_on.resume(workspace, SHORT, actor="test")
    assert Sender(workspace, "test").due().started == [SHORT]
    assert len(server.messages) == PEOPLE


def test_an_edition_that_nobody_has_gone_on_with_for_hours_is_held(
    workspace: Workspace, server: RecordingServer, clock: Clock
) -> None:
    ready_to_send(workspace)
    stopping = Stopping()
    stopping.ask()
    Sender(workspace, "test", stopping=stopping).run(SHORT)
    clock.move(hours=7)

    report = Sender(workspace, "test").due()

    assert (report.held, server.messages) == ([(SHORT, HeldReason.LATE)], [])
    assert _counts(workspace) == {"pending": PEOPLE}


def test_a_sender_that_is_asked_to_stop_begins_nothing_and_gives_back_what_it_had(
    workspace: Workspace, server: RecordingServer
) -> None:
    """S14"""
    ready_to_send(workspace)
    stopping = Stopping()
    stopping.ask()

    report = Sender(workspace, "test", stopping=stopping).run(SHORT)

    assert (report.exit_code, report.was_stopped, server.messages) == (0, True, [])
    assert _counts(workspace) == {"pending": PEOPLE}
    assert Sender(workspace, "test").run(SHORT).tally == {"accepted": PEOPLE}


def test_due_sends_what_is_due_and_leaves_the_rest(
    workspace: Workspace, server: RecordingServer, clock: Clock
) -> None:
    ready_to_send(workspace)
    approving.schedule(workspace, SHORT, "2026-11-02T10:00", actor="test")

    assert Sender(workspace, "test").due().started == []
    with pytest.raises(Refused, match="is scheduled for"):
        Sender(workspace, "test").run(SHORT)
    clock.move(hours=1)
    assert Sender(workspace, "test").due().started == [SHORT]
    assert Sender(workspace, "test").due().started == []

    assert len(server.messages) == PEOPLE


def test_one_editions_failure_does_not_stop_the_next(
    workspace: Workspace, server: RecordingServer
) -> None:
    ready_to_send(workspace)
    import_edition(workspace, edition_file(workspace, "2026-10"), actor="test")
    approving.approve(workspace, "2026-10", actor="test")
    for slug in ("2026-10", SHORT):
        approving.schedule(workspace, slug, "now", actor="test")
    with writing(workspace.engine) as connection:
        snapshots.void(connection, store.edition(connection, "2026-10"), workspace.now())

    report = Sender(workspace, "test").due()

    ((failed, error),) = report.errors
    assert (failed, report.started, report.exit_code) == ("2026-10", [SHORT], 1)
    assert "has no approved snapshot" in str(error)
    assert len(server.messages) == PEOPLE


def test_an_edition_that_nobody_gets_is_not_sent(workspace: Workspace) -> None:
    import_edition(workspace, edition_file(workspace), actor="test")
    approving.approve(workspace, SHORT, actor="test")

    with pytest.raises(Refused, match="nobody gets edition 2026-11"):
        Sender(workspace, "test").run(SHORT)

    assert edition_status.status(workspace, SHORT).edition.state is EditionState.APPROVED


def test_a_killed_sender_leaves_nobody_lost_and_nobody_doubled(
    workspace: Workspace, server: RecordingServer, tmp_path: Path, clock: Clock
) -> None:
    """Killed right before the sixth message's end: what had an end and no answer is in doubt."""
    ready_to_send(workspace)
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from newsletter.app.sending import Sender\n"
        "from newsletter.dispatch.smtp_transport import SmtpTransport\n"
        "from tests.workspaces import SHORT, a_workspace\n"
        "finish, ended = SmtpTransport.finish, []\n"
        "async def dying(self):\n"
        "    if len(ended) == 5:\n"
        "        os.kill(os.getpid(), 9)\n"
        "    ended.append(1)\n"
        "    return await finish(self)\n"
        "SmtpTransport.finish = dying\n"
        "with a_workspace(Path(sys.argv[1])) as workspace:\n"
        "    Sender(workspace, 'test').run(SHORT)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "workspace")],
        cwd=Path(__file__).parents[2],
        check=False,
        timeout=60,
    )
    assert killed.returncode == -9

    report = Sender(workspace, "test").run(SHORT)

    counts = edition_status.status(workspace, SHORT).counts
    assert sum(counts.values()) == PEOPLE
    assert len(server.accepted_recipients) == len(set(server.accepted_recipients))
    assert 1 <= counts[DeliveryState.UNKNOWN] <= workspace.settings.relay.connections
    assert counts[DeliveryState.ACCEPTED] == PEOPLE - counts[DeliveryState.UNKNOWN]
    assert len(server.accepted_recipients) >= counts[DeliveryState.ACCEPTED]
    assert report.exit_code == 1
    assert list(workspace.journal_folder.glob("*.journal")) == []


def test_what_is_to_survive_a_power_cut_is_on_the_disk_before_any_message_has_its_end(
    workspace: Workspace, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`dispatch.durability = "power"`; one sync serves all connections that wait for it."""
    dispatch = workspace.settings.dispatch.model_copy(update={"durability": Durability.POWER})
    careful = replace(
        workspace, settings=workspace.settings.model_copy(update={"dispatch": dispatch})
    )
    ready_to_send(careful)
    kept: list[int] = []
    sync = os.fdatasync

    def counted(descriptor: int) -> None:
        (journal,) = workspace.journal_folder.glob("*.journal")
        content = read_journal(journal)
        sync(descriptor)
        kept.append(len(content.outcomes) + len(content.unanswered))

    monkeypatch.setattr(os, "fdatasync", counted)

    report = Sender(careful, "test").run(SHORT)

    assert report.tally == {"accepted": PEOPLE}
    assert kept[-1] == PEOPLE
    assert len(kept) <= PEOPLE


def test_without_the_journal_of_a_dead_sender_its_edition_is_held_for_a_person(
    workspace: Workspace, server: RecordingServer
) -> None:
    ready_to_send(workspace)
    with writing(workspace.engine) as connection:
        stored = store.edition(connection, SHORT)
        store.take_step(connection, stored, Step.START, workspace.now())
        freeze_audience(connection, stored, EditionAudience(1, ("en", "cy"), None))
        lease = Lease(senders.register(connection, "gone.journal", workspace.now()), SMTP)
        ledger.claim(connection, DueDeliveries(stored.id), workspace.now(), 5, lease)

    report = Sender(workspace, "test").run(SHORT)

    held = [(SHORT, HeldReason.JOURNAL_MISSING)]
    assert (report.exit_code, report.held, server.messages) == (1, held, [])
    doubts = [going_on.Doubt.JOURNAL_LOST]
    resumed = going_on.resume(workspace, SHORT, actor="test", doubts=doubts)
    assert (resumed.made_unknown, resumed.standing.edition.state) == (5, EditionState.SENDING)
    assert Sender(workspace, "test").run(SHORT).tally == {"accepted": PEOPLE - 5}
    assert _counts(workspace) == {"unknown": 5, "accepted": PEOPLE - 5}


def test_a_trial_may_be_in_one_language(workspace: Workspace, server: RecordingServer) -> None:
    import_edition(workspace, edition_file(workspace), actor="test")

    trial = send_trial(workspace, SHORT, to="me@example.org", language="cy")

    assert trial.languages == ("cy",)
    assert b"Content-Language: cy" in server.messages[0].content


def test_a_trial_is_marked_opens_nothing_and_counts_for_nobody(
    workspace: Workspace, server: RecordingServer
) -> None:
    """S15."""
    import_edition(workspace, edition_file(workspace), actor="test")

    trial = send_trial(workspace, SHORT, to="me@example.org", language=None)

    assert trial.languages == ("en", "cy")
    assert server.accepted_recipients == ["me@example.org"] * 2
    for one in server.messages:
        assert b"\r\nSubject: [Test] " in one.content
        assert b"/u/AAAAAAAAAA" in one.content
    assert _counts(workspace) == {}
    assert edition_status.status(workspace, SHORT).edition.state is EditionState.DRAFT
