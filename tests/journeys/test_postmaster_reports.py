"""A postmaster asks what became of an edition, while it is sent and after."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from newsletter.app.retention import let_go
from newsletter.app.workspace import open_workspace
from newsletter.cli.main import run
from newsletter.domain.editions import EditionState
from newsletter.storage.engine import writing
from newsletter.storage.schema import deliveries, editions
from tests.prepared_bulletin import PEOPLE, SLUG, make_bulletin
from tests.smtp_server import RecordingServer
from tests.terminal import Answer, Terminal

RECEIVER = "example.org"
REFUSED = PEOPLE[0]


@pytest.fixture(scope="module")
def _prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the first edition, approved, for three people."""
    return make_bulletin(tmp_path_factory.mktemp("prepared") / "bulletin")


@pytest.fixture
def approved(_prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that workspace, and the one that sends; the current folder."""
    folder = shutil.copytree(_prepared, tmp_path / "bulletin")
    monkeypatch.chdir(folder)
    assert run(["db", "adopt"]) == 0
    return folder


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordingServer]:
    """The relay, which knows one of the three not."""
    with RecordingServer(refused=(REFUSED,)) as server:
        monkeypatch.setenv("NEWSLETTER_RELAY_URL", server.url)
        yield server


@pytest.fixture
def sent(newsletter: Terminal, approved: Path, server: RecordingServer) -> Path:
    """The workspace after the edition was sent: two accepted, one refused for good."""
    assert newsletter("send", "run", SLUG, "--yes", "--skip-reachability").code == 1
    return approved


def _report(newsletter: Terminal, *words: str) -> Answer:
    answer = newsletter("report", SLUG, *words)
    assert (answer.code, answer.err) == (0, "")
    return answer


def _some(counts: dict[str, int]) -> dict[str, int]:
    return {state: number for state, number in counts.items() if number}


def _status(newsletter: Terminal) -> Any:
    return newsletter("send", "status", SLUG, "--json").json


@pytest.mark.usefixtures("sent")
def test_a_report_shows_each_receiver_and_adds_up_to_the_status(newsletter: Terminal) -> None:
    report = _report(newsletter, "--json").json

    (receiver,) = report["receivers"]
    assert receiver["receiver"] == RECEIVER
    assert _some(receiver["counts"]) == {"accepted": 2, "failed": 1}
    assert report["others"] is None
    status = _status(newsletter)
    assert (report["counts"], report["audience"]) == (status["counts"], status["audience"])


def test_a_report_tells_codes_and_relays_and_names_no_reader(
    sent: Path, server: RecordingServer, newsletter: Terminal
) -> None:
    report = _report(newsletter, "--json").json

    (code,) = report["codes"]
    assert (code["code"], code["enhanced"], code["verdict"]) == (550, "5.1.1", "hard")
    assert (code["deliveries"], code["receivers"], code["words"]) == (1, 1, None)
    (relay,) = report["attempts"]["relays"]
    assert relay["relay"] == server.url.removeprefix("smtp://")
    assert (relay["number"], relay["first"], relay["accepted"]) == (3, 3, 2)
    assert report["attempts"]["seconds_to_accept"] == {"median": 0, "p95": 0}
    texts = _report(newsletter).out + _report(newsletter, "--words").out
    assert not any(person in texts for person in PEOPLE)


@pytest.mark.usefixtures("sent")
def test_words_are_shown_on_demand(newsletter: Terminal) -> None:
    assert "does not exist" not in _report(newsletter).out
    assert "The mailbox does not exist" in _report(newsletter, "--words").out


@pytest.mark.usefixtures("sent")
def test_receivers_that_are_not_named_are_one_line(newsletter: Terminal) -> None:
    shown = _report(newsletter, "--receivers", "0")

    assert RECEIVER not in shown.out
    assert "(1 other)" in shown.out


@pytest.mark.usefixtures("approved")
def test_before_anybody_was_written_to_there_is_little_to_tell(newsletter: Terminal) -> None:
    shown = _report(newsletter).out

    assert "Nobody has been written to yet." in shown
    assert _report(newsletter, "--json").json["receivers"] == []


@pytest.mark.usefixtures("approved")
def test_an_edition_in_the_outbox_has_reached_nobody(newsletter: Terminal) -> None:
    assert newsletter("send", "run", SLUG, "--yes").code == 0

    assert "It went to the outbox: nobody has got it." in _report(newsletter).out


@pytest.mark.usefixtures("sent")
def test_an_erased_reader_is_counted_and_their_domain_forgotten(newsletter: Terminal) -> None:
    for person in PEOPLE:
        assert newsletter("subscribers", "erase", person).code == 0

    report = _report(newsletter, "--json").json

    assert report["receivers"] == []
    assert _some(report["erased"]) == {"accepted": 2, "failed": 1}
    assert report["counts"] == _status(newsletter)["counts"]
    assert RECEIVER not in _report(newsletter).out


def test_past_their_time_deliveries_are_totals_and_the_report_says_so(
    sent: Path, newsletter: Terminal
) -> None:
    before = _report(newsletter, "--json").json
    long_ago = timedelta(days=500)
    with open_workspace(sent / "newsletter.toml") as workspace:
        then = workspace.now() - long_ago
        with writing(workspace.engine) as connection:
            connection.execute(update(deliveries).values(updated_at=then))
            done = {"state": EditionState.COMPLETE, "created_at": then}
            connection.execute(update(editions).values(**done))
        let_go(workspace, actor="test", pause=lambda _seconds: None)

    report = _report(newsletter, "--json").json

    assert report["counts"] == before["counts"] == report["retired"]
    assert (report["receivers"], report["codes"]) == ([], [])
    assert "no longer by which receiver, code or relay" in _report(newsletter).out


@pytest.mark.usefixtures("sent")
def test_a_complaint_is_told_with_what_to_do(newsletter: Terminal) -> None:
    complaint = ("--reason", "complaint", "--evidence", "abuse report")
    assert newsletter("suppressions", "add", PEOPLE[1], *complaint).code == 0

    report = _report(newsletter, "--json").json

    assert report["rates"]["edition"]["complaints"] == {
        "number": 1,
        "of": 2,
        "percent": 50.0,
        "level": "warn",
    }
    (receiver,) = report["receivers"]
    assert receiver["rates"]["recent"]["complaints"]["level"] == "few"
    shown = _report(newsletter).out
    assert "All receivers: 1 complaint of 2 mails accepted" in shown
    assert "Mail only those who asked for it" in shown


def test_an_edition_that_is_not_there_is_bad_input(approved: Path, newsletter: Terminal) -> None:
    answer = newsletter("report", "2031-01")

    assert (answer.code, answer.out) == (2, "")
    assert "no edition 2031-01" in answer.err
