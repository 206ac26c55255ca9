"""Too many readers complain: the next edition waits until a person lets it go."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.cli.main import run
from tests.prepared_bulletin import PEOPLE, SLUG, make_bulletin
from tests.smtp_server import RecordingServer
from tests.terminal import Answer, Terminal

NEXT = "second-edition"
CONTENT = "newest@example.org"
RUN = ("run", NEXT, "--yes", "--skip-reachability")


@pytest.fixture(scope="module")
def _complained_of(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose first edition was accepted for three people, all of whom complained, and
    whose second one is approved, for somebody else."""
    folder = tmp_path_factory.mktemp("complained") / "bulletin"
    someone = ["--topic", "monthly-bulletin", "--language", "en", "--basis", "consent"]
    with RecordingServer() as server, pytest.MonkeyPatch.context() as environment:
        environment.setenv("NEWSLETTER_RELAY_URL", server.url)
        make_bulletin(
            folder,
            ["send", "run", SLUG, "--yes", "--skip-reachability"],
            *(["suppressions", "add", person, "--reason", "complaint"] for person in PEOPLE),
            ["subscribers", "add", CONTENT, *someone],
        )
    _add_edition(folder)
    return folder


def _add_edition(folder: Path) -> None:
    place = shutil.copytree(folder / "editions" / SLUG, folder / "editions" / NEXT)
    file = place / "edition.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(SLUG, NEXT), encoding="utf-8")
    there = ["--config", str(folder / "newsletter.toml")]
    assert run(["edition", "import", str(file), *there]) == 0
    assert run(["edition", "approve", NEXT, *there]) == 0


@pytest.fixture
def server(
    newsletter: Terminal, _complained_of: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RecordingServer]:
    """The relay of a copy of that workspace, which is the current folder."""
    monkeypatch.chdir(shutil.copytree(_complained_of, tmp_path / "bulletin"))
    assert run(["db", "adopt"]) == 0
    with RecordingServer() as server:
        monkeypatch.setenv("NEWSLETTER_RELAY_URL", server.url)
        yield server


def _send(newsletter: Terminal, *words: str) -> Answer:
    return newsletter("send", *words)


def _standing(newsletter: Terminal) -> tuple[str, str | None]:
    status = _send(newsletter, "status", NEXT, "--json").json
    return status["state"], status["reason"]


def test_a_person_who_starts_it_is_told_why_it_waits(
    server: RecordingServer, newsletter: Terminal
) -> None:
    answer = _send(newsletter, *RUN)

    assert answer.code == 1
    assert "complaints" in answer.out + answer.err
    assert _standing(newsletter) == ("held", "complaints")
    assert server.messages == []


def test_the_clock_does_not_start_it_either(server: RecordingServer, newsletter: Terminal) -> None:
    assert newsletter("edition", "schedule", NEXT, "--at", "now").code == 0

    answer = _send(newsletter, "due", "--skip-reachability", "--json")

    assert answer.code == 1
    assert answer.json["held"] == [{"edition": NEXT, "reason": "complaints"}]
    assert server.messages == []


def test_the_report_says_what_is_wrong_before_anything_of_it_was_sent(
    server: RecordingServer, newsletter: Terminal
) -> None:
    _send(newsletter, *RUN)

    report = newsletter("report", NEXT, "--json").json

    assert report["audience"] == 0
    (concern,) = report["concerns"]
    assert (concern["receiver"], concern["period"], concern["level"]) == (None, "recent", "over")


def test_a_person_lets_it_go_all_the_same_and_it_is_not_held_again(
    server: RecordingServer, newsletter: Terminal
) -> None:
    _send(newsletter, *RUN)

    assert _send(newsletter, "resume", NEXT).code == 0

    assert _standing(newsletter) == ("approved", None)
    assert _send(newsletter, *RUN).code == 0
    assert server.accepted_recipients == [CONTENT]


def test_the_outbox_waits_for_nobody(
    server: RecordingServer, newsletter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEWSLETTER_RELAY_URL")

    assert _send(newsletter, "run", NEXT, "--yes").code == 0

    assert _standing(newsletter) == ("complete", None)
