"""The list on the command line: adding, importing, giving it out, topics and suppressions."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.terminal import Terminal

TOPIC = ("--topic", "monthly-bulletin")
CONSENT = ("--basis", "consent")


def _add(newsletter: Terminal, email: str, *, name: str = "", language: str = "cy") -> int:
    words = ("--language", language, "--name", name)
    return newsletter("subscribers", "add", email, *TOPIC, *words, *CONSENT).code


@pytest.mark.usefixtures("workspace")
def test_one_person_is_held_to_the_rules_of_a_whole_list(newsletter: Terminal) -> None:
    codes = [
        _add(newsletter, "sian@example.org", name="S" * 10_000),
        _add(newsletter, "sian@example.org", name="Siân\nBcc: all@example.org"),
        _add(newsletter, "sian@example.org", language="fr"),
    ]
    nobody = newsletter("subscribers", "list", "--json").json
    codes.append(_add(newsletter, "sian@example.org", name="Siân", language="CY"))

    assert codes == [2, 2, 2, 0]
    assert nobody == []
    assert newsletter("subscribers", "list", "--json").json == [
        {"email": "sian@example.org", "language": "cy", "name": "Siân"}
    ]


@pytest.mark.usefixtures("workspace")
def test_a_person_is_shown_with_all_that_is_known_of_them(newsletter: Terminal) -> None:
    _add(newsletter, "sian@example.org", name="Siân")
    newsletter("subscribers", "unsubscribe", "sian@example.org", "--all")

    known = newsletter("subscribers", "show", "sian@example.org", "--json").json

    assert set(known) == {
        "email",
        "language",
        "name",
        "format",
        "attributes",
        "since",
        "subscriptions",
        "suppression",
        "consents",
        "deliveries",
        "why",
        "leaving_reasons",
        "requests",
        "notices",
    }
    assert known["deliveries"] == []
    assert [(one["status"], one["source"]) for one in known["consents"]] == [
        ("active", "subscribers add"),
        ("unsubscribed", "subscribers unsubscribe"),
    ]


@pytest.mark.usefixtures("workspace")
def test_an_import_tells_of_columns_and_rows_on_plain_lines(newsletter: Terminal) -> None:
    Path("list.csv").write_text(
        'email,language,"tele\nphone\x1b[1m"\nsian@example.org,cy,1\ndai@example.org,"f\nr",2\n',
        encoding="utf-8",
    )

    answer = newsletter("subscribers", "import", "list.csv", *TOPIC, *CONSENT)

    described, columns, unread, rejected, *_ = answer.err.splitlines()
    assert described == "CSV, UTF-8, parted by commas."
    assert columns == ('Read as a plain list: email from "email"; language from "language".')
    assert unread.startswith('These columns were not read: "tele phone [1m".')
    assert rejected == 'line 4: the language "f r" is none of the site\'s: en, cy'
    assert answer.out == ("2 rows read: 1 added, 0 updated, 0 unchanged, 0 skipped, 1 rejected\n")


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(("form", "begins"), [("csv", "email,name,"), ("json", '{"format": ')])
def test_the_whole_list_goes_to_a_file_for_its_owner_alone(
    newsletter: Terminal, form: str, begins: str
) -> None:
    """X13"""
    _add(newsletter, "sian@example.org")
    file = Path("list.out")

    answer = newsletter("subscribers", "export", "--format", form, "--out", file)

    assert (answer.code, answer.out) == (0, "")
    assert file.read_text(encoding="utf-8").startswith(begins)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_export_that_fails_leaves_the_file_that_was_there(
    newsletter: Terminal, workspace: Path
) -> None:
    file = workspace / "list.csv"
    file.write_text("the list of last week", encoding="utf-8")
    (database,) = (workspace / "data").glob("*.db")
    database.write_bytes(database.read_bytes()[:4096] + b"\xff" * 200_000)

    answer = newsletter("subscribers", "export", "--out", file)

    assert answer.code == 3
    assert file.read_text(encoding="utf-8") == "the list of last week"


@pytest.mark.usefixtures("workspace")
def test_an_export_into_a_folder_that_is_not_there_is_3_with_the_cure(newsletter: Terminal) -> None:
    answer = newsletter("subscribers", "export", "--out", "nowhere/list.csv")

    assert answer.code == 3
    assert answer.err.splitlines()[0] == (
        "nowhere/list.csv: the list cannot be written: No such file or directory"
    )
    assert "Check that the folder is there" in answer.err


@pytest.mark.usefixtures("workspace")
def test_a_suppressed_address_is_listed_until_it_is_lifted(newsletter: Terminal) -> None:
    """B6"""
    added = newsletter("suppressions", "add", "Sian@example.org", "--evidence", "a letter")
    refused = _add(newsletter, "sian@example.org")
    (listed,) = newsletter("suppressions", "list", "--json").json
    lifted = newsletter("suppressions", "lift", "sian@example.org", "--reason", "asked for it")

    assert added.out == "Sian@example.org: suppressed\n"
    assert refused == 1
    assert (listed["address"], listed["evidence"]) == ("sian@example.org", "a letter")
    assert lifted.out == "sian@example.org: no longer suppressed (was manual)\n"
    assert newsletter("suppressions", "list", "--json").json == []
    assert _add(newsletter, "sian@example.org") == 0


@pytest.mark.usefixtures("workspace")
def test_what_is_known_of_a_person_is_said_when_they_are_added(newsletter: Terminal) -> None:
    """L1"""
    with Path("newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[attributes.county]\ntype = "text"\n')
    words = ("--wording", "Once a month.", "--wording-language", "en", "--wording-version", "3")
    facts = ("--format", "text", "--attribute", "county=Powys", "--source", "form at the fair")
    wrong = [
        newsletter(
            "subscribers",
            "add",
            "dai@example.org",
            *TOPIC,
            *CONSENT,
            "--language",
            "cy",
            "--attribute",
            pair,
        )
        for pair in ("countys=Powys", "county", 'tags="a')
    ]
    newsletter(
        "subscribers",
        "add",
        "dai@example.org",
        *TOPIC,
        *CONSENT,
        "--language",
        "cy",
        *facts,
        *words,
    )

    known = newsletter("subscribers", "show", "dai@example.org", "--json").json

    assert [one.code for one in wrong] == [2, 2, 2]
    assert "Did you mean county?" in wrong[0].err
    assert (known["format"], known["attributes"]["county"]) == ("text", "Powys")
    line = known["consents"][-1]
    assert (line["source"], line["wording"], line["wording_language"], line["wording_version"]) == (
        "form at the fair",
        "Once a month.",
        "en",
        "3",
    )


@pytest.mark.usefixtures("workspace")
def test_a_topic_is_added_once_and_listed(newsletter: Terminal) -> None:
    words = ("topics", "add", "grants", "--name", "en=Grants", "--name", "cy=Grantiau", "--private")
    codes = [newsletter(*words).code, newsletter(*words).code]

    assert codes == [0, 1]
    assert newsletter("topics", "list", "--json").json[0] == {
        "topic": "grants",
        "names": {"en": "Grants", "cy": "Grantiau"},
        "private": True,
    }


@pytest.mark.usefixtures("workspace")
def test_what_was_done_for_a_person_is_told_to_scripts_as_well(newsletter: Terminal) -> None:
    sian = "sian@example.org"
    added = newsletter("subscribers", "add", sian, *TOPIC, *CONSENT, "--language", "cy", "--json")
    left = newsletter("subscribers", "unsubscribe", sian, "--all", "--json")
    suppressed = newsletter("suppressions", "add", sian, "--json")
    lifted = newsletter("suppressions", "lift", sian, "--reason", "asked for it", "--json")

    assert added.json == {"email": sian, "topic": "monthly-bulletin", "outcome": "added"}
    assert left.json == {"email": sian, "topics_left": 1}
    assert suppressed.json == {"target": sian, "changed": True}
    assert lifted.json == {"target": sian, "was": "manual"}


@pytest.mark.usefixtures("workspace")
def test_a_list_of_nobody_is_1_and_says_so(newsletter: Terminal) -> None:
    Path("list.csv").write_text("email,name\n", encoding="utf-8")

    answer = newsletter("subscribers", "import", "list.csv", *TOPIC, *CONSENT)

    assert answer.code == 1
    assert "There are no rows below the header." in answer.err


@pytest.mark.usefixtures("workspace")
def test_the_story_of_somebody_suppressed_does_not_say_that_they_get_mail(
    newsletter: Terminal,
) -> None:
    """And nothing of it is English when they read Welsh, undone imports included."""
    Path("list.csv").write_text("email,language\nsian@example.org,cy\n", encoding="utf-8")
    brought = newsletter("subscribers", "import", "list.csv", *TOPIC, *CONSENT, "--json").json
    newsletter("subscribers", "undo-import", str(brought["import_id"]))
    newsletter("subscribers", "import", "list.csv", *TOPIC, *CONSENT)
    newsletter("suppressions", "add", "sian@example.org")

    shown = newsletter("subscribers", "show", "sian@example.org", "--json").json
    newsletter("subscribers", "show", "sian@example.org", "--out", "sian")
    story = Path("sian/person.txt").read_text(encoding="utf-8")

    assert "You receive" not in shown["why"]["en"]
    assert "we do not send it to you" in shown["why"]["en"]
    assert "Rydych yn derbyn" not in shown["why"]["cy"]
    assert "undo-import" not in story
