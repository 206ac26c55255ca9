"""An operator at the command line while an edition is sent, and after: pausing, cancelling, and
looking into what became of whom."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope
from sqlalchemy import select, update

from newsletter.app.workspace import open_workspace
from newsletter.cli.main import run
from newsletter.dispatch import senders
from newsletter.domain.editions import EditionState, HeldReason
from newsletter.editions import store
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit, deliveries, editions, subscribers
from tests.prepared_bulletin import PEOPLE, SLUG, make_bulletin
from tests.smtp_server import Misbehaviour, RecordingServer
from tests.terminal import Answer, Terminal

Serve = Callable[..., RecordingServer]
FULL = "552 5.2.2 The mailbox is full"


class StoppingServer(RecordingServer):
    """Has the whole process told to stop when the first message is in, and not yet answered."""

    def keep(self, envelope: Envelope) -> None:
        super().keep(envelope)
        if len(self.messages) == 1:
            os.kill(os.getpid(), signal.SIGTERM)


@pytest.fixture(scope="module")
def _prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the first edition, approved, for three people."""
    folder = tmp_path_factory.mktemp("prepared") / "bulletin"
    return make_bulletin(folder)


@pytest.fixture
def approved(_prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that workspace, and the one that sends; the current folder."""
    folder = shutil.copytree(_prepared, tmp_path / "bulletin")
    monkeypatch.chdir(folder)
    assert run(["db", "adopt"]) == 0
    return folder


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Starts a server and makes it the relay."""
    servers: list[RecordingServer] = []

    def start(*misbehaviours: Misbehaviour, refused: tuple[str, ...] = ()) -> RecordingServer:
        server = RecordingServer(*misbehaviours, refused=refused)
        servers.append(server.__enter__())
        monkeypatch.setenv("NEWSLETTER_RELAY_URL", server.url)
        return server

    yield start
    for server in servers:
        server.__exit__(None, None, None)


def _send(newsletter: Terminal, *words: str) -> Answer:
    return newsletter("send", *words)


def _counts(newsletter: Terminal) -> dict[str, int]:
    counts = _send(newsletter, "status", SLUG, "--json").json["counts"]
    return {state: number for state, number in counts.items() if number}


def _last_audit_line() -> tuple[str, str, str]:
    with open_workspace(None) as opened, reading(opened.engine) as connection:
        row = connection.execute(select(audit).order_by(audit.c.id.desc())).first()
    assert row is not None
    return row.actor, row.action, row.detail


def _hold(reason: HeldReason) -> None:
    with open_workspace(None) as opened, writing(opened.engine) as connection:
        store.hold(connection, store.edition(connection, SLUG), reason)


def _message_id(content: bytes) -> str:
    found = re.search(rb"^Message-ID: (<[^>]+>)", content, re.MULTILINE)
    assert found is not None
    return found[1].decode()


def test_a_paused_edition_is_not_sent_until_it_is_resumed(
    newsletter: Terminal, approved: Path, serve: Serve
) -> None:
    serve(Misbehaviour.GREYLIST)
    _send(newsletter, "run", SLUG, "--yes")

    paused = _send(newsletter, "pause", SLUG, "--by", "Mared", "--json")

    assert (paused.code, paused.json["state"]) == (0, "paused")
    assert _last_audit_line()[:2] == ("Mared", "send pause")
    refused = _send(newsletter, "run", SLUG, "--yes")
    assert (refused.code, _send(newsletter, "due").out) == (1, "")
    assert f"newsletter send resume {SLUG}" in refused.err
    resumed = _send(newsletter, "resume", SLUG, "--by", "Mared", "--json")
    assert (resumed.code, resumed.json["state"]) == (0, "sending")
    assert resumed.json["made_unknown"] == 0
    assert _last_audit_line()[:2] == ("Mared", "send resume")


def test_only_an_edition_under_way_can_be_paused_and_only_a_waiting_one_resumed(
    newsletter: Terminal, approved: Path
) -> None:
    assert _send(newsletter, "pause", SLUG).code == 1
    assert _send(newsletter, "resume", SLUG).code == 1


def test_whoever_has_not_got_a_cancelled_edition_does_not_get_it(
    newsletter: Terminal, approved: Path, serve: Serve
) -> None:
    server = serve(Misbehaviour.GREYLIST)
    _send(newsletter, "run", SLUG, "--yes")

    cancelled = _send(newsletter, "cancel", SLUG, "--yes", "--json")

    assert (cancelled.code, cancelled.json["state"], cancelled.json["cancelled"]) == (
        0,
        "cancelled",
        len(PEOPLE),
    )
    assert _counts(newsletter) == {"skipped": len(PEOPLE)}
    assert _last_audit_line()[1] == "send cancel"
    assert _send(newsletter, "run", SLUG, "--yes").code == 1
    assert not server.messages


def test_cancelling_asks_and_off_a_terminal_it_wants_a_yes(
    newsletter: Terminal, approved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    off_terminal = _send(newsletter, "cancel", SLUG)

    monkeypatch.setattr("newsletter.cli.send_control.is_terminal", lambda: True)
    asked: list[str] = []

    def decline(question: str) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr("click.confirm", decline)
    declined = _send(newsletter, "cancel", SLUG)

    assert (off_terminal.code, declined.code) == (2, 1)
    assert asked == [f"3 people would not get {SLUG}. Cancel it for good?"]
    assert _send(newsletter, "status", SLUG, "--json").json["state"] == "approved"


def test_an_edition_that_was_cancelled_before_it_began_can_be_put_back(
    newsletter: Terminal, approved: Path
) -> None:
    newsletter("edition", "schedule", SLUG, "--at", "2099-01-05T09:00")
    _send(newsletter, "cancel", SLUG, "--yes")

    put_back = _send(newsletter, "reset", SLUG, "--json")

    assert put_back.json == {"edition": SLUG, "state": "approved", "undone": 0}
    assert _send(newsletter, "run", SLUG, "--yes").code == 0


@pytest.mark.parametrize(
    ("reason", "option"),
    [
        (HeldReason.LATE, "--journal-lost"),
        (HeldReason.LATE, "--pending-unknown"),
        (HeldReason.ADOPTED, "--journal-lost"),
        (HeldReason.JOURNAL_MISSING, "--pending-unknown"),
    ],
)
def test_a_doubt_that_does_not_fit_the_reason_is_refused_with_what_fits(
    newsletter: Terminal, approved: Path, reason: HeldReason, option: str
) -> None:
    newsletter("edition", "schedule", SLUG, "--at", "now")
    _hold(reason)

    refused = _send(newsletter, "resume", SLUG, option)

    assert refused.code == 1
    assert f"`newsletter send resume {SLUG}`" in refused.err
    assert _send(newsletter, "status", SLUG, "--json").json["reason"] == reason
    assert _send(newsletter, "resume", SLUG).code == 0


def test_what_another_copy_may_have_sent_is_not_sent_when_a_person_says_so(
    newsletter: Terminal, approved: Path, serve: Serve
) -> None:
    serve(Misbehaviour.GREYLIST)
    _send(newsletter, "run", SLUG, "--yes")
    _make_pending_again()
    _hold(HeldReason.ADOPTED)

    resumed = _send(newsletter, "resume", SLUG, "--pending-unknown", "--json")

    assert (resumed.json["made_unknown"], resumed.json["state"]) == (len(PEOPLE), "sending")
    assert _counts(newsletter) == {"unknown": len(PEOPLE)}


def test_what_the_sender_of_a_lost_journal_had_taken_on_is_unknown_when_a_person_says_so(
    newsletter: Terminal, approved: Path, serve: Serve
) -> None:
    server = serve(Misbehaviour.GREYLIST)
    _send(newsletter, "run", SLUG, "--yes")
    _take_on_and_lose_the_journal("dai@example.org")

    held = _send(newsletter, "due", "--json")
    resumed = _send(newsletter, "resume", SLUG, "--journal-lost", "--json")

    assert (held.code, held.json["held"]) == (1, [{"edition": SLUG, "reason": "journal-missing"}])
    assert (resumed.code, resumed.json["made_unknown"]) == (0, 1)
    (unknown,) = _send(newsletter, "unknown", SLUG, "--json").json
    assert unknown["email"] == "dai@example.org"
    assert _send(newsletter, "due", "--json").json["held"] == []
    assert not server.messages


def _take_on_and_lose_the_journal(email: str) -> None:
    """What a sender leaves that died with a delivery in hand, and whose journal is gone."""
    with open_workspace(None) as opened, writing(opened.engine) as connection:
        sender_id = senders.register(connection, "gone.journal", opened.now())
        reader = select(subscribers.c.id).where(subscribers.c.address == email).scalar_subquery()
        taken_on = {"state": "sending", "sender_id": sender_id}
        connection.execute(
            update(deliveries).where(deliveries.c.subscriber_id == reader).values(**taken_on)
        )


def _make_pending_again() -> None:
    with open_workspace(None) as opened, writing(opened.engine) as connection:
        connection.execute(update(deliveries).values(state="pending"))


def test_who_did_not_get_it_is_listed_with_the_servers_words_and_tried_once_more(
    newsletter: Terminal, approved: Path, serve: Serve
) -> None:
    server = serve(refused=("dai@example.org",))
    server.refusal = FULL
    assert _send(newsletter, "run", SLUG, "--yes").code == 1

    (failure,) = _send(newsletter, "failures", SLUG, "--json").json
    listed = _send(newsletter, "failures", SLUG)
    server.refused = frozenset()
    retried = _send(newsletter, "retry", SLUG, "--json")

    assert failure.keys() == {
        *("id", "email", "state", "code", "enhanced", "reply", "verdict", "at")
    }
    assert (failure["email"], failure["state"]) == ("dai@example.org", "failed")
    assert (failure["code"], failure["verdict"]) == (552, "soft")
    assert "1 failed: 1 with 552 5.2.2 (soft)" in listed.out
    assert retried.json == {"started": [SLUG], "busy": [], "held": [], "retried": 1}
    assert sorted(server.accepted_recipients) == sorted(PEOPLE)
    assert _counts(newsletter) == {"accepted": len(PEOPLE)}
    assert _send(newsletter, "status", SLUG, "--json").json["state"] == EditionState.COMPLETE


def test_whose_address_is_none_is_suppressed_and_not_tried_once_more(
    newsletter: Terminal, approved: Path, serve: Serve
) -> None:
    """B3"""
    server = serve(refused=("dai@example.org",))
    _send(newsletter, "run", SLUG, "--yes")

    listed = _send(newsletter, "failures", SLUG)
    shown = newsletter("subscribers", "show", "dai@example.org", "--json").json
    server.refused = frozenset()
    _send(newsletter, "retry", SLUG)

    assert "1 failed: 1 with 550 5.1.1 (hard: suppressed)" in listed.out
    assert shown["suppression"]["reason"] == "hard-bounce"
    assert shown["suppression"]["evidence"] == f"edition {SLUG}: 550 5.1.1"
    assert _counts(newsletter) == {"accepted": len(PEOPLE) - 1, "skipped": 1}


def test_of_a_fault_of_ours_status_says_how_many_wait_and_once_mended_they_do_not(
    newsletter: Terminal, approved: Path, serve: Serve
) -> None:
    """S4"""
    server = serve(refused=PEOPLE)
    server.refusal = "550 5.7.515 Access denied, the domain does not meet the required level"
    assert _send(newsletter, "run", SLUG, "--yes").code == 0
    _hold(HeldReason.OUR_FAULT)

    status = _send(newsletter, "status", SLUG)
    codes = _send(newsletter, "status", SLUG, "--json").json["held_codes"]
    server.refused = frozenset()
    resumed = _send(newsletter, "resume", SLUG)
    _send(newsletter, "due")

    assert "3 deliveries after 550 5.7.515." in status.out
    assert codes == {"550 5.7.515": len(PEOPLE)}
    assert resumed.out == f"{SLUG}: sending again; 3 due at once\n"
    assert _counts(newsletter) == {"accepted": len(PEOPLE)}


@pytest.mark.parametrize("reason", [HeldReason.HARD_BOUNCES, HeldReason.COMPLAINTS])
def test_what_a_person_judged_is_not_asked_again(
    newsletter: Terminal, approved: Path, reason: HeldReason
) -> None:
    newsletter("edition", "schedule", SLUG, "--at", "2099-01-05T09:00")
    _hold(reason)

    assert _send(newsletter, "resume", SLUG).code == 0

    with open_workspace(None) as opened, reading(opened.engine) as connection:
        assert store.edition(connection, SLUG).overruled == {reason}


def test_nothing_is_tried_once_more_when_nothing_failed(
    newsletter: Terminal, approved: Path, serve: Serve
) -> None:
    server = serve()
    _send(newsletter, "run", SLUG, "--yes")

    refused = _send(newsletter, "retry", SLUG)

    assert (refused.code, refused.out) == (1, "")
    assert "nothing" in refused.err
    assert len(server.messages) == len(PEOPLE)
    assert _send(newsletter, "failures", SLUG).out == f"{SLUG}: nothing failed\n"


@pytest.fixture
def in_doubt(newsletter: Terminal, approved: Path, serve: Serve) -> RecordingServer:
    """The server that took everybody's message and said so to nobody."""
    server = serve(Misbehaviour.DROP_BEFORE_REPLY)
    assert _send(newsletter, "run", SLUG, "--yes").code == 1
    assert _counts(newsletter) == {"unknown": len(PEOPLE)}
    return server


def _unknown_ids(newsletter: Terminal) -> list[str]:
    return [str(one["id"]) for one in _send(newsletter, "unknown", SLUG, "--json").json]


def test_what_is_unknown_is_listed_with_the_message_id_that_the_server_was_given(
    newsletter: Terminal, in_doubt: RecordingServer
) -> None:
    """S9: the log of the relay can be searched for it."""
    listed = _send(newsletter, "unknown", SLUG, "--json").json

    given = {one.rcpt_to: _message_id(one.content) for one in in_doubt.messages}
    assert {one["email"]: one["message_id"] for one in listed} == given
    assert {"id", "email", "state", "code", "enhanced", "reply", "at"} < set(listed[0])
    told = _send(newsletter, "unknown", SLUG).out
    assert all(one["message_id"] in told for one in listed)


def test_what_the_relay_has_is_marked_accepted_and_sent_to_nobody(
    newsletter: Terminal, in_doubt: RecordingServer
) -> None:
    first, *others = _unknown_ids(newsletter)

    marked = _send(newsletter, "unknown", SLUG, "--mark-accepted", first, "--json")

    assert marked.json == {"edition": SLUG, "marked_accepted": 1}
    assert _unknown_ids(newsletter) == others
    assert _last_audit_line()[1:] == ("send unknown", f"taken for accepted: {first}")
    assert len(in_doubt.messages) == len(PEOPLE)
    assert _send(newsletter, "unknown", SLUG, "--mark-accepted", "all").code == 0
    assert _counts(newsletter) == {"accepted": len(PEOPLE)}


def test_what_the_relay_has_not_is_sent_again_with_the_same_message_id(
    newsletter: Terminal, in_doubt: RecordingServer
) -> None:
    first, second, third = _unknown_ids(newsletter)
    before = {one.rcpt_to: _message_id(one.content) for one in in_doubt.messages}
    in_doubt.misbehaviours = frozenset()

    resent = _send(newsletter, "unknown", SLUG, "--resend", first, "--resend", second, "--json")
    last = _send(newsletter, "unknown", SLUG, "--resend", third)

    assert resent.json == {"started": [SLUG], "busy": [], "held": [], "retried": 2}
    assert last.code == 0
    again = {one.rcpt_to: _message_id(one.content) for one in in_doubt.messages[len(PEOPLE) :]}
    assert again == before
    assert _counts(newsletter) == {"accepted": len(PEOPLE)}


def test_ids_may_follow_one_option_and_all_means_all(
    newsletter: Terminal, in_doubt: RecordingServer
) -> None:
    first, second, _ = _unknown_ids(newsletter)
    in_doubt.misbehaviours = frozenset()

    assert _send(newsletter, "unknown", SLUG, "--resend", first, second).code == 0
    assert _send(newsletter, "unknown", SLUG, "--resend", "all").code == 0

    assert _send(newsletter, "unknown", SLUG).out == f"{SLUG}: nothing is unknown\n"
    assert _send(newsletter, "unknown", SLUG, "--resend", "all").code == 1


@pytest.mark.parametrize("option", ["--mark-accepted", "--resend"])
def test_one_id_that_is_not_unknown_changes_nothing_at_all(
    newsletter: Terminal, in_doubt: RecordingServer, option: str
) -> None:
    first, second, _ = _unknown_ids(newsletter)
    _send(newsletter, "unknown", SLUG, "--mark-accepted", first)

    refused = _send(newsletter, "unknown", SLUG, option, first, second, "999")

    assert refused.code == 1
    assert f"delivery {first} is accepted" in refused.err
    assert "no delivery 999" in refused.err
    assert _counts(newsletter) == {"accepted": 1, "unknown": 2}


def test_of_somebody_who_was_erased_the_delivery_can_be_settled_and_not_sent(
    newsletter: Terminal, in_doubt: RecordingServer
) -> None:
    newsletter("subscribers", "erase", "dai@example.org", "--yes")
    listed = _send(newsletter, "unknown", SLUG, "--json").json
    (erased,) = (one for one in listed if one["email"] is None)
    in_doubt.misbehaviours = frozenset()

    refused = _send(newsletter, "unknown", SLUG, "--resend", str(erased["id"]))
    resent = _send(newsletter, "unknown", SLUG, "--resend", "all", "--json")
    marked = _send(newsletter, "unknown", SLUG, "--mark-accepted", str(erased["id"]))

    assert (erased["message_id"], refused.code) == (None, 1)
    assert "was for somebody who has been erased" in refused.err
    assert (resent.json["retried"], marked.code) == (2, 0)
    assert _counts(newsletter) == {"accepted": len(PEOPLE)}


@pytest.mark.parametrize(
    "words", [("3",), ("--resend", "x"), ("--resend", "1", "--mark-accepted", "2")]
)
def test_a_decision_that_says_too_little_or_too_much_is_bad_input(
    newsletter: Terminal, approved: Path, words: tuple[str, ...]
) -> None:
    assert _send(newsletter, "unknown", SLUG, *words).code == 2


@pytest.mark.parametrize(
    ("words", "again"),
    [(("run", SLUG, "--yes"), f"newsletter send run {SLUG}"), (("due",), "newsletter send due")],
)
def test_who_is_told_to_stop_finishes_what_is_on_its_way_and_goes_on_when_called_again(
    newsletter: Terminal,
    approved: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    again: str,
) -> None:
    """S14."""
    newsletter("edition", "schedule", SLUG, "--at", "now")
    monkeypatch.setenv("NEWSLETTER_RELAY__CONNECTIONS", "1")
    with StoppingServer() as server:
        monkeypatch.setenv("NEWSLETTER_RELAY_URL", server.url)

        stopped = _send(newsletter, *words)
        counts = _counts(newsletter)
        _send(newsletter, *words)

    assert (stopped.code, counts) == (0, {"accepted": 1, "pending": 2})
    assert f"Stopped, as asked. Go on with `{again}`." in stopped.err
    assert sorted(server.accepted_recipients) == sorted(PEOPLE)


def test_what_failed_in_an_edition_of_long_ago_is_not_late_when_it_is_tried_again(
    newsletter: Terminal, approved: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S11: a person has just let it go on, though the relay was away at that moment."""
    serve(refused=PEOPLE).refusal = FULL
    _send(newsletter, "run", SLUG, "--yes")
    _age_by(timedelta(days=30))
    monkeypatch.setenv("NEWSLETTER_RELAY_URL", "smtp://127.0.0.1:1")
    retried = _send(newsletter, "retry", SLUG)
    server = serve()

    due = _send(newsletter, "due", "--json")

    assert (retried.code, due.code) == (3, 0)
    assert due.json["held"] == []
    assert sorted(server.accepted_recipients) == sorted(PEOPLE)


def _age_by(time: timedelta) -> None:
    with open_workspace(None) as opened, writing(opened.engine) as connection:
        long_ago = opened.now() - time
        connection.execute(update(editions).values(attempted_at=long_ago, released_at=None))


def test_off_a_terminal_a_run_tells_how_it_goes_in_lines_and_due_does_not(
    newsletter: Terminal, approved: Path, serve: Serve
) -> None:
    serve()
    newsletter("edition", "schedule", SLUG, "--at", "now")

    due = _send(newsletter, "due")

    assert (due.out, due.err) == (f"{SLUG}: complete; 3 accepted\n", "")


def test_a_log_has_ids_and_codes_and_nobodys_address(
    newsletter: Terminal, approved: Path, serve: Serve
) -> None:
    serve(refused=("dai@example.org",))

    run = _send(newsletter, "run", SLUG, "--yes", "--log-json")

    events = [json.loads(line) for line in run.err.splitlines()]
    assert [one["event"] for one in events] == ["begins", "attempted", "accepted", "ends"]
    assert (events[1]["state"], events[1]["code"]) == ("failed", 550)
    assert isinstance(events[1]["delivery"], int)
    assert {one["edition"] for one in events} == {SLUG}
    assert "@" not in run.err


def test_a_log_tells_what_is_held_as_well(newsletter: Terminal, approved: Path) -> None:
    newsletter("edition", "schedule", SLUG, "--at", "now")

    due = _send(newsletter, "due", "--log-json")

    (event,) = [json.loads(line) for line in due.err.splitlines()]
    assert due.code == 3
    assert (event["event"], event["edition"], event["reason"]) == ("held", SLUG, "no-relay")
