"""Signing, as an operator sets it up: a key, the DNS, the settings, and a signed message."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from newsletter.cli.main import run
from tests.dkim_verifiers import dkimpy_verifies
from tests.prepared_bulletin import PEOPLE, SLUG, make_bulletin
from tests.smtp_server import RecordingServer
from tests.terminal import Answer, Terminal


def use(workspace: Path, *made: Answer, relay: str = "") -> dict[str, str]:
    """Writes what the answers say into the settings; gives the DNS records that they ask for."""
    file = workspace / "newsletter.toml"
    text = file.read_text(encoding="utf-8")
    if relay:
        text = text.replace('# url = ""', f'url = "{relay}"', 1)
    for answer in made:
        for name, value in answer.json["settings"].items():
            assert f'\n# {name} = ""\n' in text
            text = text.replace(f'\n# {name} = ""\n', f'\n{name} = "{value}"\n', 1)
    file.write_text(text, encoding="utf-8")
    records = [answer.json["record"] for answer in made]
    return {record["name"]: record["value"] for record in records}


def audit_lines(workspace: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(workspace / "data" / "newsletter.db")) as database:
        return database.execute(
            "SELECT action, subject, detail FROM audit WHERE action = 'dkim-key'"
        ).fetchall()


def test_a_key_is_made_told_of_and_used(newsletter: Terminal, workspace: Path) -> None:
    """A1, A2, A5: what arrives is well signed twice, and names what was published."""
    rsa = newsletter("dkim-key", "--selector", "news", "--json")
    ed25519 = newsletter("dkim-key", "--ed25519", "--selector", "second", "--json")

    with RecordingServer() as server:
        records = use(workspace, rsa, ed25519, relay=server.url)
        newsletter("edition", "import", f"editions/{SLUG}/edition.yaml")
        sent = newsletter("send", "test", SLUG, "--to", "me@example.org", "--language", "en")

    assert (rsa.code, ed25519.code, sent.code) == (0, 0, 0)
    [message] = server.messages
    assert dkimpy_verifies(message.content, records, 0)
    assert dkimpy_verifies(message.content, records, 1)
    assert b" s=news; " in message.content
    assert set(records) == {"news._domainkey.example.org", "second._domainkey.example.org"}


def test_every_reader_gets_a_signed_message(newsletter: Terminal, tmp_path: Path) -> None:
    folder = make_bulletin(tmp_path / "bulletin")
    there = ("--config", folder / "newsletter.toml")
    made = newsletter("dkim-key", "--json", *there)

    with RecordingServer() as server:
        records = use(folder, made, relay=server.url)
        sent = newsletter("send", "run", SLUG, "--yes", *there)

    assert sent.code == 0, sent.err
    assert {one.rcpt_to for one in server.messages} == set(PEOPLE)
    assert all(dkimpy_verifies(one.content, records) for one in server.messages)


def test_a_key_is_its_owners_alone_and_audited(newsletter: Terminal, workspace: Path) -> None:
    """A5, X13, X15."""
    made = newsletter("dkim-key", "--selector", "news")

    file = workspace / "data" / "keys" / "dkim" / "news.pem"
    secret = file.read_text(encoding="ascii").splitlines()[1]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret not in made.out
    assert audit_lines(workspace) == [("dkim-key", "news", "rsa-sha256 key for example.org")]


def test_what_is_to_be_done_is_said_step_by_step(newsletter: Terminal, workspace: Path) -> None:
    made = newsletter("dkim-key", "--selector", "news")

    assert "Name   news._domainkey.example.org" in made.out
    assert "Value  v=DKIM1; k=rsa; p=" in made.out
    assert 'selector = "news"' in made.out
    assert 'key_file = "data/keys/dkim/news.pem"' in made.out
    assert "for a week" not in made.out


def test_the_next_key_has_a_name_of_its_own_and_says_what_becomes_of_the_one_before(
    newsletter: Terminal, workspace: Path
) -> None:
    first = newsletter("dkim-key", "--json")
    use(workspace, first)
    selector = first.json["selector"]

    second, told = newsletter("dkim-key", "--json"), newsletter("dkim-key")

    assert second.json["selector"] == f"{selector}b"
    assert second.json["replaces"] == selector
    assert f"Leave the record of {selector} in the DNS for a week" in told.out
    assert len(audit_lines(workspace)) == 3


def test_the_records_in_use_are_shown_again(newsletter: Terminal, workspace: Path) -> None:
    rsa, ed25519 = newsletter("dkim-key", "--json"), newsletter("dkim-key", "--ed25519", "--json")
    use(workspace, rsa, ed25519)

    shown = newsletter("dkim-key", "--show", "--json")
    told = newsletter("dkim-key", "--show")

    assert [one["record"] for one in shown.json] == [rsa.json["record"], ed25519.json["record"]]
    assert rsa.json["record"]["value"] in told.out
    assert len(audit_lines(workspace)) == 2


def test_without_a_key_there_is_none_to_show(newsletter: Terminal, workspace: Path) -> None:
    answer = newsletter("dkim-key", "--show")

    assert answer.code == 1
    assert "newsletter dkim-key" in answer.err


def test_a_key_is_never_written_over(newsletter: Terminal, workspace: Path) -> None:
    newsletter("dkim-key", "--selector", "news")
    file = workspace / "data" / "keys" / "dkim" / "news.pem"
    before = file.read_bytes()

    again = newsletter("dkim-key", "--selector", "news")

    assert (again.code, file.read_bytes()) == (2, before)
    assert "is there already" in again.err
    assert len(audit_lines(workspace)) == 1


def test_a_key_may_lie_elsewhere(newsletter: Terminal, workspace: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "key.pem"

    made = newsletter("dkim-key", "--out", elsewhere, "--json").json

    assert made["settings"]["key_file"] == made["file"] == str(elsewhere)
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "words",
    [
        ("--bits", "1024"),
        ("--bits", "8192"),
        ("--ed25519", "--bits", "2048"),
        ("--selector", "News_2026"),
        ("--show", "--selector", "news"),
    ],
)
def test_what_makes_no_sense_is_refused_and_makes_nothing(
    newsletter: Terminal, workspace: Path, words: tuple[str, ...]
) -> None:
    answer = newsletter("dkim-key", *words)

    assert answer.code == 2
    assert not (workspace / "data" / "keys" / "dkim").exists()
    assert audit_lines(workspace) == []


def test_a_domain_that_cannot_sign_for_the_sender_gets_no_key(
    newsletter: Terminal, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A4."""
    monkeypatch.setenv("NEWSLETTER_DKIM__DOMAIN", "example.net")

    answer = newsletter("dkim-key")

    assert answer.code == 2
    assert "example.net cannot sign for the From address news@example.org" in answer.err


@pytest.mark.parametrize("command", [("run", SLUG, "--yes"), ("test", SLUG, "--to", PEOPLE[0])])
def test_with_a_key_that_others_can_read_nothing_is_sent(
    newsletter: Terminal, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """A5."""
    folder = make_bulletin(tmp_path / "bulletin")
    there = ("--config", folder / "newsletter.toml")
    made = newsletter("dkim-key", "--json", *there)
    (folder / made.json["file"]).chmod(0o644)

    with RecordingServer() as server:
        use(folder, made, relay=server.url)
        answer = newsletter("send", *command, *there)
        status = newsletter("send", "status", SLUG, "--json", *there).json

    assert answer.code == 3
    assert "chmod 600" in answer.err
    assert server.messages == []
    assert status["state"] == "approved"


def test_what_is_composed_to_look_at_is_not_signed(newsletter: Terminal, workspace: Path) -> None:
    use(workspace, newsletter("dkim-key", "--json"))

    composed = newsletter("compose", f"editions/{SLUG}/edition.yaml", "--json").json

    eml = Path(composed["languages"]["en"]["eml"]).read_bytes()
    assert b"DKIM-Signature" not in eml


def test_a_new_workspace_signs_nothing(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path / "new")]) == 0

    text = (tmp_path / "new" / "newsletter.toml").read_text(encoding="utf-8")
    assert "\n[dkim]\n" in text
    assert '\n# key_file = ""\n' in text
