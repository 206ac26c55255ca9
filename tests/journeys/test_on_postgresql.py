"""The whole way on the command line, with PostgreSQL in place of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal import Terminal

EDITION = "editions/first-edition/edition.yaml"
TOPIC = ("--topic", "monthly-bulletin")
LIST = """\
email,name,language
sian@example.org,Siân Tŷ-mawr,cy
dai@example.org,Dai,cy
tom@example.org,Tom,en
tom.again@example,Tom,en
"""


@pytest.fixture
def on_postgresql(workspace: Path, empty_postgresql: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEWSLETTER_DATABASE__URL", empty_postgresql)
    monkeypatch.setenv("NEWSLETTER_RELAY_URL", f"maildir:{workspace / 'relay'}")
    (workspace / "list.csv").write_text(LIST, encoding="utf-8")
    return workspace


def test_from_an_empty_database_to_accepted_and_the_totals_add_up(
    newsletter: Terminal, on_postgresql: Path
) -> None:
    without_tables = newsletter("subscribers", "list")
    upgraded = newsletter("db", "upgrade")
    bulletin = newsletter("topics", "add", "monthly-bulletin", "--name", "en=Bulletin")
    imported = newsletter(
        "subscribers", "import", "list.csv", *TOPIC, "--basis", "consent", "--json"
    )
    left = newsletter("subscribers", "unsubscribe", "Dai@Example.org", "--all")
    shown = newsletter("subscribers", "show", "dai@example.org", "--json")
    edition = newsletter("edition", "import", EDITION)
    approved = newsletter("edition", "approve", "first-edition", "--by", "Mared")
    sent = newsletter("send", "run", "first-edition", "--yes", "--json")
    status = newsletter("send", "status", "first-edition", "--json")

    assert without_tables.code == 3
    assert "newsletter db upgrade" in without_tables.err
    for answer in (upgraded, bulletin, imported, left, shown, edition, approved, sent, status):
        assert answer.code == 0, answer.err
    tally = {name: imported.json[name] for name in ("read", "added", "rejected")}
    assert tally == {"read": 4, "added": 3, "rejected": 1}
    assert [one["status"] for one in shown.json["subscriptions"]] == ["unsubscribed"]
    assert status.json["state"] == "complete"
    assert status.json["audience"] == status.json["counts"]["accepted"] == 2
    assert len(list((on_postgresql / "relay" / "new").iterdir())) == 2


def test_nothing_of_it_is_in_the_file_and_locks_and_journals_lie_in_the_data_folder(
    newsletter: Terminal, on_postgresql: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsletter("db", "upgrade")
    newsletter("topics", "add", "monthly-bulletin", "--name", "en=Bulletin")
    newsletter("subscribers", "import", "list.csv", *TOPIC, "--basis", "consent")
    newsletter("edition", "import", EDITION)
    newsletter("edition", "approve", "first-edition")
    newsletter("send", "run", "first-edition", "--yes")

    locks = {file.name for file in (on_postgresql / "data" / "locks").iterdir()}
    monkeypatch.delenv("NEWSLETTER_DATABASE__URL")

    assert locks == {"import of subscribers.lock", "first-edition.lock"}
    assert list((on_postgresql / "data" / "journal").iterdir()) == []  # all of them are settled
    assert newsletter("subscribers", "list", "--json").json == []
    assert newsletter("edition", "list", "--json").json == []


@pytest.mark.usefixtures("on_postgresql")
def test_a_name_that_the_ledgers_have_no_room_for_is_refused(newsletter: Terminal) -> None:
    """PostgreSQL keeps to the widths of its columns; SQLite does not look at them."""
    answer = newsletter("edition", "approve", "first-edition", "--by", "M" * 201)

    assert answer.code == 2
    assert "--by" in answer.err
    assert "at most 200 characters" in answer.err


@pytest.mark.usefixtures("on_postgresql")
def test_a_server_that_does_not_answer_is_named_without_its_password(
    newsletter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X13"""
    url = "postgresql+psycopg://mair:secret@127.0.0.1:1/news"
    monkeypatch.setenv("NEWSLETTER_DATABASE__URL", url)

    for command in (("db", "upgrade"), ("db", "check"), ("subscribers", "list")):
        answer = newsletter(*command)

        assert answer.code == 3
        assert answer.err.startswith("postgresql://127.0.0.1:1/news: the database server cannot")
        assert "secret" not in answer.err + answer.out


@pytest.mark.usefixtures("on_postgresql")
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://mair:secret@db.example.org/news",
        "postgresql+psycopg://mair:secret@db.example.org",
        "mysql://mair:secret@db.example.org/news",
    ],
)
def test_an_address_that_cannot_be_used_is_not_shown(
    newsletter: Terminal, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """X13"""
    monkeypatch.setenv("NEWSLETTER_DATABASE__URL", url)

    answer = newsletter("db", "check")

    assert answer.code == 2
    assert "postgresql+psycopg://user:password@host/name" in answer.err
    assert "secret" not in answer.err
