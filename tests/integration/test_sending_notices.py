"""Notices through a real SMTP server, well behaved and not: each arrives, and none is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from newsletter.app.notices import one_round
from newsletter.app.notices.reports import Allowance, NoticeReport
from newsletter.app.notices.sending import send_notices
from newsletter.app.workspace import Workspace
from newsletter.audience import subscribers, suppressions
from newsletter.dispatch.notices import claiming
from newsletter.dispatch.stopping import Stopping
from newsletter.domain.deliveries import DeliveryState as State
from newsletter.domain.errors import RelayUnreachable, SurroundingsFailed
from newsletter.domain.notices import NoticeKind, NoticeSkip
from newsletter.domain.people import Suppression, SuppressionReason
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import notices, requests
from newsletter.storage.suppressing import suppress_addresses
from newsletter.tokens.tokens import Purpose
from tests.independent_decoder import read_part
from tests.notice_rows import READER, ask_for, queue_notice, rows
from tests.sample_messages import bodies
from tests.smtp_server import Misbehaviour, RecordingServer
from tests.workspaces import Clock, a_workspace, import_people

BASE = "https://news.example.org"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as server:
        yield server


@pytest.fixture
def workspace(folder: Path, server: RecordingServer, clock: Clock) -> Iterator[Workspace]:
    with a_workspace(folder, relay=server.url, clock=clock) as workspace:
        yield workspace


def queue(workspace: Workspace, *addresses: str, kind: NoticeKind = NoticeKind.CONFIRM) -> None:
    """Queues a notice that answers a sign-up, for each of the addresses."""
    with writing(workspace.engine) as connection:
        for address in addresses or (READER,):
            request_id = ask_for(connection, workspace.now())
            queue_notice(connection, workspace.now(), kind, address, request_id=request_id)


def states(workspace: Workspace) -> list[str]:
    with reading(workspace.engine) as connection:
        return [row.state for row in rows(connection)]


def done(report: NoticeReport) -> list[State]:
    return [one.state for one in report.done]


def test_who_signs_up_gets_a_link_that_confirms_it(
    workspace: Workspace, server: RecordingServer
) -> None:
    queue(workspace)

    report = send_notices(workspace)

    assert done(report) == [State.ACCEPTED]
    (received,) = server.messages
    with reading(workspace.engine) as connection:
        request = connection.execute(select(requests)).one()
        notice = connection.execute(select(notices)).one()
    token = workspace.tokens.token(Purpose.CONFIRM, handle=request.handle)
    text, page = bodies(received.content)
    for part in (text, page):
        assert f"{BASE}/en/confirm/{token}" in part
        assert f"{BASE}/en/confirm/{token}/block" in part
    message = read_part(received.content)
    assert message.one("To") == READER
    assert message.one("Auto-Submitted") == "auto-generated"
    assert [name for name, _ in message.fields if name.startswith("List-")] == []
    local = workspace.tokens.message_id_local(notice.handle, 0)
    assert message.one("Message-ID").startswith(f"<{local}@")
    tag = workspace.tokens.tag(Purpose.BOUNCE, notice.handle, 0)
    assert f"+{tag}@" in received.mail_from


def test_its_pictures_can_be_fetched(workspace: Workspace, server: RecordingServer) -> None:
    queue(workspace)

    send_notices(workspace)

    _, page = bodies(server.messages[0].content)
    published = [file.name for file in workspace.media_folder.iterdir()]
    assert published
    assert all(f"/media/{name}" in page for name in published)


def test_a_welcome_has_the_readers_own_links(workspace: Workspace, server: RecordingServer) -> None:
    import_people(workspace)
    with reading(workspace.engine) as connection:
        person = next(subscribers.all_subscribers(connection))
    queue(workspace, person.address, kind=NoticeKind.WELCOME)

    send_notices(workspace)

    preferences = workspace.tokens.token(
        Purpose.PREFERENCES, handle=person.handle, epoch=person.epoch
    )
    text = read_text(server)
    assert f"{BASE}/en/preferences/{preferences}" in text
    assert f"{BASE}/en/unsubscribe/" in text


def read_text(server: RecordingServer) -> str:
    return bodies(server.messages[-1].content)[0]


def test_a_link_to_preferences_of_somebody_who_is_gone_is_not_sent(
    workspace: Workspace, server: RecordingServer
) -> None:
    queue(workspace, kind=NoticeKind.MY_LINK)

    report = send_notices(workspace)

    assert (done(report), server.messages) == ([State.SKIPPED], [])


@pytest.mark.parametrize(
    ("kind", "reason", "is_sent"),
    [
        (NoticeKind.CONFIRM, SuppressionReason.HARD_BOUNCE, True),  # confirming would lift it
        (NoticeKind.CONFIRM, SuppressionReason.MANUAL, False),
        (NoticeKind.MY_DATA, SuppressionReason.MANUAL, True),  # theirs by right
        (NoticeKind.ADDRESS_TO, SuppressionReason.REQUEST, False),
    ],
)
def test_who_wants_no_mail_by_then_gets_none(
    workspace: Workspace,
    server: RecordingServer,
    kind: NoticeKind,
    reason: SuppressionReason,
    is_sent: bool,
) -> None:
    queue(workspace, kind=kind)
    with writing(workspace.engine) as connection:
        stopped = Suppression(READER.lower(), reason, "a test", workspace.now())
        suppress_addresses(connection, [stopped])

    send_notices(workspace)

    assert bool(server.messages) == is_sent
    with reading(workspace.engine) as connection:
        row = rows(connection)[0]
    assert row.reason == (None if is_sent else NoticeSkip.STOPPED)


def test_nothing_is_opened_when_nothing_is_due(
    workspace: Workspace, server: RecordingServer
) -> None:
    assert send_notices(workspace) == NoticeReport()
    assert server.connections == 0


def test_without_a_relay_they_wait_and_nothing_goes_to_the_outbox(
    folder: Path, clock: Clock
) -> None:
    with a_workspace(folder, clock=clock) as workspace:
        queue(workspace, "one@example.org", "two@example.org")

        report = send_notices(workspace)

        assert (report.without_relay, report.done) == (2, [])
        assert states(workspace) == [State.PENDING] * 2
        assert not (workspace.settings.data_folder / "outbox").exists()


def test_a_maildir_that_was_set_as_the_relay_takes_them(
    folder: Path, tmp_path: Path, clock: Clock
) -> None:
    with a_workspace(folder, relay=f"maildir:{tmp_path}/maildir", clock=clock) as workspace:
        queue(workspace)

        assert done(send_notices(workspace)) == [State.ACCEPTED]

    (file,) = (tmp_path / "maildir" / "new").iterdir()
    assert READER.encode() in file.read_bytes()


def test_a_server_that_never_answers_is_not_waited_for_longer_than_the_lease(
    folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience = one_round.TIMEOUTS
    opening = patience.connect + patience.greeting + 4 * patience.command
    handing_over = 3 * patience.command + patience.block + patience.final_dot
    assert opening + handing_over < claiming.LEASE.total_seconds()
    monkeypatch.setattr(one_round, "TIMEOUTS", replace(patience, final_dot=0.1))
    with (
        RecordingServer(Misbehaviour.SLOW_REPLY) as slow,
        a_workspace(folder, relay=slow.url, clock=clock) as workspace,
    ):
        queue(workspace)

        assert done(send_notices(workspace)) == [State.DEFERRED]


def test_what_came_too_late_is_passed_over(
    workspace: Workspace, server: RecordingServer, clock: Clock
) -> None:
    queue(workspace)
    clock.move(days=7)

    report = send_notices(workspace)

    assert (report.expired, states(workspace)) == (1, [State.SKIPPED])
    assert server.connections == 0


def test_a_relay_that_is_down_costs_nobody_their_notice(folder: Path, clock: Clock) -> None:
    with RecordingServer() as server:
        url = server.url
    with a_workspace(folder, relay=url, clock=clock) as workspace:
        queue(workspace)

        with pytest.raises(RelayUnreachable):
            send_notices(workspace)

        assert states(workspace) == [State.PENDING]


@pytest.mark.parametrize(
    "misbehaviour",
    [
        Misbehaviour.GREYLIST,
        Misbehaviour.DROP_AFTER_DATA,
        Misbehaviour.DEFER_MESSAGE,
        Misbehaviour.DROP_BEFORE_REPLY,
        Misbehaviour.GARBAGE_REPLY,
        Misbehaviour.CLOSE_AFTER_DOT,
        Misbehaviour.REFUSE_SENDER,
    ],
)
def test_what_did_not_arrive_for_certain_goes_again_with_the_same_message_id(
    folder: Path, clock: Clock, misbehaviour: Misbehaviour
) -> None:
    with (
        RecordingServer(misbehaviour) as bad,
        a_workspace(folder, relay=bad.url, clock=clock) as workspace,
    ):
        queue(workspace)
        assert done(send_notices(workspace)) == [State.DEFERRED]
        with reading(workspace.engine) as connection:
            waits = rows(connection)[0].next_attempt_at - clock.at
        before = bad.messages
    assert timedelta(minutes=5) <= waits < timedelta(minutes=8)
    clock.move(minutes=8)
    with RecordingServer() as good, a_workspace(folder, relay=good.url, clock=clock) as workspace:
        assert done(send_notices(workspace)) == [State.ACCEPTED]
        after = good.messages

    ids = {read_part(one.content).one("Message-ID") for one in (*before, *after)}
    assert len(ids) == 1


def test_a_server_that_hangs_up_in_between_is_called_again(folder: Path, clock: Clock) -> None:
    with (
        RecordingServer(Misbehaviour.HANG_UP_AFTER_FIRST_MESSAGE) as server,
        a_workspace(folder, relay=server.url, clock=clock) as workspace,
    ):
        queue(workspace, "one@example.org", "two@example.org", "three@example.org")

        report = send_notices(workspace)

        assert done(report) == [State.ACCEPTED] * 3
        assert len(set(server.accepted_recipients)) == 3


def test_whose_mailbox_is_none_is_mailed_no_more(folder: Path, clock: Clock) -> None:
    with (
        RecordingServer(refused=["gareth@example.org"]) as server,
        a_workspace(folder, relay=server.url, clock=clock) as workspace,
    ):
        import_people(workspace)
        with reading(workspace.engine) as connection:
            address = next(subscribers.all_subscribers(connection)).address
        server.refused = frozenset([address])
        queue(workspace, address)

        report = send_notices(workspace)

        assert done(report) == [State.FAILED]
        with reading(workspace.engine) as connection:
            found = suppressions.find_suppression(connection, address.lower(), workspace.seals)
        assert found is not None
        assert found.reason is SuppressionReason.HARD_BOUNCE


def test_a_call_sends_no_more_than_it_is_allowed_to(
    workspace: Workspace, server: RecordingServer
) -> None:
    queue(workspace, *(f"reader{number}@example.org" for number in range(5)))

    send_notices(workspace, Allowance(most=2))
    send_notices(workspace, Allowance(seconds=0))
    stopping = Stopping()
    stopping.ask()
    send_notices(workspace, Allowance(stopping=stopping))

    assert len(server.messages) == 2
    assert states(workspace).count(State.PENDING) == 3


def test_on_a_copy_of_the_database_nothing_is_sent(
    folder: Path, server: RecordingServer, clock: Clock
) -> None:
    with a_workspace(folder, relay=server.url, clock=clock) as workspace:
        queue(workspace)
        workspace.live_copy.bind()
    copy = folder.with_name("copy")
    folder.rename(copy)
    with (
        a_workspace(copy, relay=server.url, clock=clock) as workspace,
        pytest.raises(SurroundingsFailed, match="db adopt"),
    ):
        send_notices(workspace)

    assert server.messages == []


def test_a_template_that_fails_keeps_no_other_kind_from_going(
    workspace: Workspace, folder: Path, server: RecordingServer
) -> None:
    own = folder / "templates/email/transactional/reminder/notice.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{{ nothing }}", encoding="utf-8")
    queue(workspace, kind=NoticeKind.REMINDER)
    queue(workspace)

    report = send_notices(workspace)

    assert done(report) == [State.DEFERRED, State.ACCEPTED]
    assert [fault.where for fault in report.faults] == ["transactional/reminder/notice.txt.j2:1"]


def test_two_processes_at_once_send_each_notice_once(
    workspace: Workspace, folder: Path, server: RecordingServer, clock: Clock
) -> None:
    people = {f"reader{number}@example.org" for number in range(12)}
    queue(workspace, *people)

    def send() -> None:
        with a_workspace(folder, clock=clock) as another:
            send_notices(another)

    processes = [Thread(target=send) for _ in range(2)]
    for one in processes:
        one.start()
    for one in processes:
        one.join()

    assert sorted(server.accepted_recipients) == sorted(people)
    assert set(states(workspace)) == {State.ACCEPTED}


def test_what_a_dead_process_had_taken_on_goes_when_its_lease_is_over(
    workspace: Workspace, server: RecordingServer, clock: Clock
) -> None:
    queue(workspace)
    with writing(workspace.engine) as connection:
        claiming.claim(connection, workspace.now())

    assert send_notices(workspace).done == []
    clock.move(minutes=5)

    assert done(send_notices(workspace)) == [State.ACCEPTED]
    assert len(server.messages) == 1
