"""What people may ask of those who keep a list, typed at a terminal."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

from newsletter.cli.command import is_terminal
from tests.terminal import Terminal

SIAN = "sian@example.org"


def _add(newsletter: Terminal, email: str = SIAN, *more: str) -> int:
    words = ("--topic", "monthly-bulletin", "--language", "cy", "--basis", "consent")
    return newsletter("subscribers", "add", email, *words, *more).code


@pytest.mark.usefixtures("workspace")
def test_somebody_asks_why_they_get_it_and_what_is_held_of_them(newsletter: Terminal) -> None:
    """L5"""
    _add(newsletter, SIAN, "--name", "Siân", "--wording", "Unwaith y mis.")

    told = newsletter("subscribers", "show", SIAN)
    written = newsletter("subscribers", "show", SIAN, "--out", "asked")

    assert "Pam y cefais i hwn?" in told.out
    assert "Dywedwyd wrthych: “Unwaith y mis.”" in told.out
    assert written.out.splitlines() == ["Written: asked/person.json", "Written: asked/person.txt"]
    as_json = json.loads(Path("asked/person.json").read_text(encoding="utf-8"))
    assert as_json == newsletter("subscribers", "show", SIAN, "--json").json
    text = Path("asked/person.txt").read_text(encoding="utf-8")
    assert text.startswith(f"Yr wybodaeth sydd gennym am {SIAN}\n")


@pytest.mark.usefixtures("workspace")
def test_somebody_asks_to_be_erased(newsletter: Terminal) -> None:
    """L4"""
    _add(newsletter)

    erased = newsletter("subscribers", "erase", SIAN)
    again = newsletter("subscribers", "erase", SIAN, "--json")

    assert (erased.code, erased.out) == (
        0,
        f"{SIAN}: erased. The totals of 0 deliveries stay.\n",
    )
    assert (again.code, again.json["is_new"]) == (0, False)
    assert newsletter("subscribers", "erase", "nobody@example.org").code == 2
    assert newsletter("subscribers", "list", "--json").json == []
    assert _add(newsletter) == 1
    assert "Our list has nothing of whoever had" in newsletter("subscribers", "show", SIAN).out
    assert "erased, nobody knows whom" in newsletter("suppressions", "list").out
    assert newsletter("suppressions", "list", "--json").json[0]["address"] is None
    lifted = newsletter("suppressions", "lift", SIAN, "--reason", "came to the office")
    assert lifted.out == f"{SIAN}: no longer suppressed (was erased)\n"
    assert _add(newsletter) == 0


@pytest.mark.usefixtures("workspace")
def test_at_a_terminal_erasing_asks_once(
    newsletter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add(newsletter)
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    assert is_terminal()
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _prompt: "n")

    kept = newsletter("subscribers", "erase", SIAN)
    gone = newsletter("subscribers", "erase", SIAN, "--yes")

    assert (kept.code, gone.code) == (130, 0)
    assert newsletter("subscribers", "list", "--json").json == []


@pytest.mark.usefixtures("workspace")
def test_what_is_past_its_time_is_shown_before_it_goes(newsletter: Terminal) -> None:
    """L6"""
    _add(newsletter)

    dry = newsletter("retention", "--dry-run", "--json")
    done = newsletter("retention")

    assert [one["kind"] for one in dry.json["due"]] == [
        "deliveries",
        "ips",
        "unconfirmed",
        "requests",
        "notices",
        "people",
        "rejected_rows",
    ]
    assert {one["number"] for one in dry.json["due"]} == {0}
    assert done.code == 0
    assert done.out.splitlines()[0].split() == [
        "KIND",
        "GONE",
        "FROM",
        "BEFORE",
        "OLDEST",
        "NEWEST",
    ]
    assert done.out.splitlines()[7].split()[:3] == ["rejected", "rows", "0"]


@pytest.mark.usefixtures("workspace")
def test_a_whole_domain_is_kept_off_the_list(newsletter: Terminal) -> None:
    """B6"""
    _add(newsletter)

    added = newsletter("suppressions", "add", "Example.org", "--reason", "request")
    refused = newsletter("suppressions", "lift", SIAN, "--reason", "asked")
    newsletter("suppressions", "add", SIAN)
    still = newsletter("suppressions", "lift", SIAN, "--reason", "asked")
    lifted = newsletter("suppressions", "lift", "@example.org", "--reason", "asked")

    assert added.out == "Example.org: suppressed\n"
    assert refused.code == 1
    assert "newsletter suppressions lift @example.org" in refused.err
    assert still.out == (
        f"{SIAN}: its own suppression is lifted, but it still is with @example.org\n"
    )
    assert lifted.out == "@example.org: no longer suppressed (was request)\n"


@pytest.mark.usefixtures("workspace")
def test_suppressions_of_another_program_come_in_and_go_out(newsletter: Terminal) -> None:
    Path("left.csv").write_text("email,reason\ndai@example.org,complaint\nnobody,\n", "utf-8")

    rehearsed = newsletter("suppressions", "import", "left.csv", "--dry-run")
    taken = newsletter("suppressions", "import", "left.csv", "--json")
    newsletter("suppressions", "export", "--out", "all.csv")
    again = newsletter("suppressions", "import", "all.csv")
    as_json = newsletter("suppressions", "export", "--format", "json").json
    useless = newsletter("suppressions", "import", "none.csv")

    assert rehearsed.out == "Would have: 2 rows read: 1 suppressed, 0 unchanged, 1 rejected\n"
    assert rehearsed.err.startswith('line 3: "nobody" is neither an email address nor a domain')
    assert (taken.json["suppressed"], taken.json["rejections"][0]["line"]) == (1, 3)
    assert again.out == "1 rows read: 0 suppressed, 1 unchanged, 0 rejected\n"
    assert [one["address"] for one in as_json] == ["dai@example.org"]
    assert useless.code == 2
    Path("none.csv").write_text("email\nnobody\n", "utf-8")
    assert newsletter("suppressions", "import", "none.csv").code == 1


@pytest.mark.usefixtures("workspace")
def test_a_part_of_the_list_is_given_out_in_the_columns_that_are_wanted(
    newsletter: Terminal,
) -> None:
    _add(newsletter)

    columns = ("--columns", "email, status", "--topic", "monthly-bulletin")
    given = newsletter("subscribers", "export", *columns)
    misspelt = newsletter("subscribers", "export", "--columns", "emial")
    as_json = newsletter("subscribers", "export", "--format", "json", "--columns", "email")

    assert list(csv.reader(given.out.splitlines())) == [["email", "status"], [SIAN, "active"]]
    assert (misspelt.code, as_json.code) == (2, 2)
    assert "Did you mean email?" in misspelt.err
