"""`check --online`: the one check that leaves this machine, and only when it is asked to."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.terminal import Terminal

EDITION = Path("editions/first-edition/edition.yaml")
HERE = "https://127.0.0.1/plan"
WITH_PASSWORD = "https://mared:secret@127.0.0.1/plan"
MEMORY = Path("data/link-checks.json")


def _link_to(address: str) -> None:
    text = EDITION.read_text(encoding="utf-8")
    linked = text.replace("https://harbour.example.org/plan", address, 1)
    assert linked != text
    EDITION.write_text(linked, encoding="utf-8")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a name nor a connection is to be had."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.usefixtures("workspace", "no_network")
def test_without_the_option_nothing_is_opened(newsletter: Terminal) -> None:
    _link_to(WITH_PASSWORD)

    answer = newsletter("check", EDITION)

    assert answer.code == 1  # link-internal, which looks at the words alone
    assert "link-broken" not in answer.err
    assert not MEMORY.exists()


@pytest.mark.usefixtures("workspace")
def test_with_it_what_is_wrong_with_a_link_is_a_finding_among_the_others(
    newsletter: Terminal,
) -> None:
    _link_to(HERE)

    answer = newsletter("check", EDITION, "--online", "--json")

    assert answer.code == 1  # link-internal
    (finding,) = (one for one in answer.json["findings"] if one["rule"] == "link-broken")
    assert (finding["level"], finding["language"], finding["section"]) == ("should", "en", 1)
    assert HERE in finding["message"]
    assert finding["line"]
    assert Path(finding["file"]) == EDITION
    assert HERE in MEMORY.read_text(encoding="utf-8")


@pytest.mark.usefixtures("workspace")
def test_a_link_that_must_not_be_sent_answers_no(newsletter: Terminal) -> None:
    _link_to(WITH_PASSWORD)

    answer = newsletter("check", EDITION, "--online")

    assert answer.code == 1
    assert "must link-broken [en]" in answer.err
    assert "must not be sent as it is" in answer.err


@pytest.mark.usefixtures("workspace", "no_network")
def test_example_addresses_are_not_opened(newsletter: Terminal) -> None:
    """RFC 2606: nobody is there."""
    answer = newsletter("check", EDITION, "--online")

    assert answer.code == 0, answer.err


@pytest.mark.usefixtures("workspace")
def test_without_a_workspace_nothing_is_remembered(
    newsletter: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _link_to(HERE)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    EDITION.parent.rename(elsewhere / "edition")
    monkeypatch.chdir(elsewhere)

    answer = newsletter("check", "edition/edition.yaml", "--online")

    assert "link-broken" in answer.err
    assert not list(elsewhere.rglob("link-checks.json"))


@pytest.mark.usefixtures("workspace")
def test_a_bar_is_shown_on_a_terminal_and_nowhere_else(
    newsletter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    _link_to(HERE)

    elsewhere = newsletter("check", EDITION, "--online")
    MEMORY.unlink()
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    on_terminal = newsletter("check", EDITION, "--online")

    assert "1/1" not in elsewhere.err
    assert "1/1" in on_terminal.err
    assert elsewhere.out == on_terminal.out
