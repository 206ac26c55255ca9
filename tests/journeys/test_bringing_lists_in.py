"""Lists brought in and taken back on the command line, as a person would who moves a list here."""

from __future__ import annotations

import csv
import io
import sqlite3
import stat
import zipfile
from itertools import permutations
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.mailchimp_lists import EXPORTS, mailchimp_export
from tests.terminal import Answer, Terminal

TOPIC = ("--topic", "monthly-bulletin")
CONSENT = ("--basis", "consent")
OUTCOMES = ("added", "updated", "unchanged", "skipped", "rejected")
LIST = "email,name,language\nann@example.org,Ann,en\ndai@example.org,Dai,cy\n"


def a_list(content: str | bytes = LIST, name: str = "list.csv") -> Path:
    file = Path(name)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def bring_in(newsletter: Terminal, file: Path | str, *more: str) -> Answer:
    answer = newsletter("subscribers", "import", file, *TOPIC, *CONSENT, "--json", *more)
    assert answer.out, answer.err
    return answer


def numbers(answer: Answer) -> dict[str, int]:
    """The outcomes that any row had; the sum of all must be what was read."""
    found = {name: answer.json[name] for name in OUTCOMES if answer.json[name]}
    assert answer.json["read"] == sum(found.values())
    return found


def show(newsletter: Terminal, address: str) -> Any:
    return newsletter("subscribers", "show", address, "--json").json


def status_of(newsletter: Terminal, address: str) -> str | None:
    subscriptions = show(newsletter, address)["subscriptions"]
    return subscriptions[0]["status"] if subscriptions else None


def addresses(newsletter: Terminal) -> list[str]:
    return [one["email"] for one in newsletter("subscribers", "list", "--json").json]


def database() -> bytes:
    """What the database holds, as statements that would make it anew."""
    (file,) = Path("data").glob("*.db")
    with sqlite3.connect(file) as connection:
        return "\n".join(connection.iterdump()).encode()


# What an import answers


@pytest.mark.usefixtures("workspace")
def test_an_import_answers_with_the_keys_that_scripts_rely_on(newsletter: Terminal) -> None:
    answer = bring_in(newsletter, a_list())

    assert answer.code == 0
    assert answer.json == {
        "import_id": 1,
        "read": 2,
        "added": 2,
        "updated": 0,
        "unchanged": 0,
        "skipped": 0,
        "rejected": 0,
        "reject_file": None,
        "reasons": {},
    }


@pytest.mark.usefixtures("workspace")
def test_a_rehearsal_tells_the_same_numbers_and_changes_nothing(newsletter: Terminal) -> None:
    bring_in(newsletter, a_list())
    other = a_list(
        "email,name\nann@example.org,Anna\nnew@example.org,\ndai@example.org,Dai\nnobody,\n"
        "new@example.org,\n",
        "other.csv",
    )
    before = database()

    rehearsed = bring_in(newsletter, other, "--dry-run")

    assert database() == before
    assert (rehearsed.json["import_id"], rehearsed.json["reject_file"]) == (None, None)
    assert not Path("data/imports").exists()
    assert numbers(rehearsed) == numbers(bring_in(newsletter, other))
    assert numbers(rehearsed) == dict.fromkeys(OUTCOMES, 1)


@pytest.mark.usefixtures("workspace")
def test_a_rehearsal_shows_people_what_would_become_of_the_rows(newsletter: Terminal) -> None:
    bring_in(newsletter, a_list())
    other = a_list("email,name\nann@example.org,Anna\nnew@example.org,New\n", "other.csv")

    answer = newsletter("subscribers", "import", other, *TOPIC, *CONSENT, "--dry-run")

    assert answer.out.splitlines() == [
        "added, line 3 new@example.org",
        'updated, line 2 ann@example.org: name "Ann" → "Anna"',
        "Would have: 2 rows read: 1 added, 1 updated, 0 unchanged, 0 skipped, 0 rejected",
        "  updated: name 1",
    ]
    assert "Row 1 says: email ann@example.org, name Anna, status subscribed" in answer.err


@pytest.mark.usefixtures("workspace")
def test_the_same_list_again_changes_nothing(newsletter: Terminal) -> None:
    bring_in(newsletter, a_list())
    known = [show(newsletter, who) for who in addresses(newsletter)]

    again = bring_in(newsletter, a_list())

    assert numbers(again) == {"unchanged": 2}
    assert [show(newsletter, who) for who in addresses(newsletter)] == known


@pytest.mark.usefixtures("workspace")
def test_a_list_of_which_no_row_can_be_used_is_1(newsletter: Terminal) -> None:
    answer = bring_in(newsletter, a_list("email\nnobody\nnobody else\n"))

    assert (answer.code, numbers(answer)) == (1, {"rejected": 2})


@pytest.mark.usefixtures("workspace")
def test_a_list_that_is_not_there_is_2(newsletter: Terminal) -> None:
    answer = newsletter("subscribers", "import", "nowhere.csv", *TOPIC, *CONSENT)

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("cannot read nowhere.csv: No such file or directory")


@pytest.mark.usefixtures("workspace")
def test_off_a_terminal_somebody_has_to_say_the_basis(
    newsletter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """L2"""
    file = a_list()

    unsaid = newsletter("subscribers", "import", file, *TOPIC, "--json")
    monkeypatch.setenv("NEWSLETTER_AUDIENCE__BASIS", "public-task")
    by_settings = newsletter("subscribers", "import", file, *TOPIC, "--json")

    assert (unsaid.code, unsaid.out) == (2, "")
    assert "--basis" in unsaid.err
    assert (by_settings.code, by_settings.json["added"]) == (0, 2)
    (consent,) = show(newsletter, "ann@example.org")["consents"]
    assert consent["basis"] == "public-task"


@pytest.mark.usefixtures("workspace")
def test_everybody_gets_a_line_in_the_ledger_with_what_was_said(newsletter: Terminal) -> None:
    """L1"""
    file = a_list(
        "email,since,ip,basis\nann@example.org,2024-05-01T10:00:00Z,192.0.2.7,contract\n"
        "dai@example.org,,,\n"
    )
    words = ("--source", "the fair", "--wording", "We write monthly", "--wording-language", "en")

    bring_in(newsletter, file, *words, "--wording-version", "3")

    (of_ann,), (of_dai,) = (
        show(newsletter, who)["consents"] for who in ("ann@example.org", "dai@example.org")
    )
    told = {"source": "the fair", "wording": "We write monthly", "wording_version": "3"}
    assert of_ann.items() >= {**told, "basis": "contract", "ip": "192.0.2.7"}.items()
    assert of_ann["at"] == "2024-05-01T10:00:00+00:00"
    assert of_dai.items() >= {**told, "basis": "consent", "ip": None, "import_id": 1}.items()


# Rows that cannot be used


@pytest.mark.usefixtures("workspace")
def test_rejected_rows_can_be_mended_and_imported(newsletter: Terminal) -> None:
    file = a_list(
        'email,name\nann@example.org,Ann\n=1+1@,Dai\ndai@example,"D\nai"\n', "my list.csv"
    )

    answer = bring_in(newsletter, file)

    rejects = Path(answer.json["reject_file"])
    assert rejects == Path("data/imports/my list.rejected.csv").absolute()
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
    text = rejects.read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == ["row", "reason", "email", "name"]
    assert [(row[0], *row[2:]) for row in rows[1:]] == [
        ("3", "'=1+1@", "Dai"),
        ("4", "dai@example", "D\nai"),
    ]
    assert all(row[1] for row in rows[1:])
    rejects.write_text(
        text.replace("'=1+1@", "dai@example.org").replace("dai@example,", "eve@example.org,"),
        encoding="utf-8",
    )
    assert numbers(bring_in(newsletter, rejects)) == {"added": 1, "rejected": 1}


@pytest.mark.usefixtures("workspace")
def test_what_becomes_of_every_row_can_be_had_as_a_file(newsletter: Terminal) -> None:
    bring_in(newsletter, a_list())
    newsletter("subscribers", "unsubscribe", "dai@example.org", "--all")
    file = a_list(
        "email,name\nann@example.org,Anna\ndai@example.org,\nnew@example.org,\nno,\n"
        "new@example.org,\n",
        "other.csv",
    )

    bring_in(newsletter, file, "--dry-run", "--diff", "diff.csv")

    with Path("diff.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == ["row", "outcome", "email", "why"]
    assert sorted(rows)[:4] == [
        ["2", "updated", "ann@example.org", 'name "Ann" → "Anna"'],
        ["3", "skipped", "dai@example.org", "has left"],
        ["4", "added", "new@example.org", ""],
        ["5", "rejected", "", rows[0][3]],
    ]
    assert sorted(rows)[4] == ["6", "skipped", "new@example.org", "twice in the list"]
    assert stat.S_IMODE(Path("diff.csv").stat().st_mode) == 0o600


# Nobody is revived


@pytest.mark.usefixtures("workspace")
def test_whoever_left_or_is_suppressed_is_skipped_with_the_reason(newsletter: Terminal) -> None:
    """B6, L4"""
    people = ("left", "suppressed", "erased")
    file = a_list("email\n" + "".join(f"{who}@example.org\n" for who in people))
    bring_in(newsletter, file)
    newsletter("subscribers", "unsubscribe", "left@example.org", "--all")
    newsletter("suppressions", "add", "suppressed@example.org", "--reason", "complaint")
    newsletter("subscribers", "erase", "erased@example.org", "--yes")

    answer = bring_in(newsletter, file)

    assert numbers(answer) == {"skipped": 3}
    assert answer.json["reasons"]["skipped"] == {
        "has left": 1,
        "suppressed: complaint": 1,
        "suppressed: erased": 1,
    }
    assert status_of(newsletter, "left@example.org") == "unsubscribed"
    assert "erased@example.org" not in addresses(newsletter)


MAILCHIMP = {
    "subscribed": [
        {"Email Address": "ann@example.org", "First Name": "Ann", "Language": "cy"},
        {"Email Address": "both@example.org", "First Name": "Bo", "County": "Powys"},
        {"Email Address": "all@example.org", "First Name": "Al", "Language": "cy"},
    ],
    "unsubscribed": [
        {"Email Address": "both@example.org", "UNSUB_REASON": "NORMAL"},
        {"Email Address": "all@example.org", "UNSUB_REASON": "SPAM_COMPLAINT"},
        {"Email Address": "gone@example.org", "First Name": "Gwen"},
    ],
    "cleaned": [
        {"Email Address": "all@example.org", "First Name": "Alun"},
        {"Email Address": "bounced@example.org", "First Name": "Bet"},
    ],
}


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("order", list(permutations(EXPORTS)))
def test_mailchimps_three_exports_give_the_same_in_any_order(
    newsletter: Terminal, order: tuple[str, ...]
) -> None:
    Path("newsletter.toml").write_text(
        Path("newsletter.toml").read_text(encoding="utf-8")
        + '\n[attributes.county]\ntype = "text"\n',
        encoding="utf-8",
    )
    for kind in order:
        file = a_list(mailchimp_export(kind, MAILCHIMP[kind]), f"{kind}_members_export_1a2b.csv")

        assert bring_in(newsletter, file).code == 0

    people = {who: show(newsletter, who) for who in addresses(newsletter)}
    told = {
        who.partition("@")[0]: (
            *(one["name"], one["language"], one["subscriptions"][0]["status"]),
            one["suppression"] and one["suppression"]["reason"],
        )
        for who, one in people.items()
    }
    assert told == {
        "ann": ("Ann", "cy", "active", None),
        "both": ("", "en", "unsubscribed", None),
        "all": ("", "en", "unsubscribed", "complaint"),
        "gone": ("Gwen", "en", "unsubscribed", None),
        "bounced": ("Bet", "en", "active", "imported"),
    }
    assert people["ann@example.org"]["subscriptions"][0]["since"] == "2024-03-01T09:05:00+00:00"


# Taking back


@pytest.mark.usefixtures("workspace")
def test_an_import_is_taken_back_and_the_ledger_tells_of_it(newsletter: Terminal) -> None:
    bring_in(newsletter, a_list("email,name\nann@example.org,Ann\n"))
    before = show(newsletter, "ann@example.org")
    import_id = bring_in(newsletter, a_list(LIST.replace("Ann", "Anna"), "b.csv")).json["import_id"]

    undone = newsletter("subscribers", "undo-import", str(import_id), "--json")

    assert (undone.code, undone.json["removed"], undone.json["cards"]) == (0, 1, 1)
    assert show(newsletter, "ann@example.org") == before
    assert addresses(newsletter) == ["ann@example.org"]
    out = newsletter("subscribers", "export", "--format", "csv").out
    assert "dai@" not in out
    known = show(newsletter, "dai@example.org")
    assert known["subscriptions"] == []
    assert [(one["status"], one["source"]) for one in known["consents"]] == [
        ("active", "import of b.csv"),
        (None, f"undo-import {import_id}"),
    ]


@pytest.mark.usefixtures("workspace")
def test_a_list_that_was_taken_back_can_come_again(newsletter: Terminal) -> None:
    bring_in(newsletter, a_list())
    newsletter("subscribers", "undo-import", "1")

    again = bring_in(newsletter, a_list())

    assert numbers(again) == {"added": 2}
    assert sorted(addresses(newsletter)) == ["ann@example.org", "dai@example.org"]
    newsletter("subscribers", "undo-import", str(again.json["import_id"]))
    assert addresses(newsletter) == []


@pytest.mark.usefixtures("workspace")
def test_what_anybody_did_since_stands(newsletter: Terminal) -> None:
    rows = "".join(f"{who}@example.org,X,en\n" for who in ("left", "bad", "edited", "plain"))
    bring_in(newsletter, a_list(f"email,name,language\n{rows}"))
    newsletter("subscribers", "unsubscribe", "left@example.org", "--all")
    newsletter("suppressions", "add", "bad@example.org", "--reason", "complaint")

    undone = newsletter("subscribers", "undo-import", "1", "--json").json

    assert (undone["removed"], undone["kept"]) == (3, 1)
    assert status_of(newsletter, "left@example.org") == "unsubscribed"
    assert show(newsletter, "bad@example.org")["suppression"]["reason"] == "complaint"
    assert addresses(newsletter) == ["left@example.org"]


@pytest.mark.usefixtures("workspace")
def test_taking_back_is_rehearsed_and_then_done_once(newsletter: Terminal) -> None:
    bring_in(newsletter, a_list())
    before = database()

    rehearsed = newsletter("subscribers", "undo-import", "1", "--dry-run", "--json")

    assert database() == before
    done = newsletter("subscribers", "undo-import", "1", "--json")
    assert {**rehearsed.json, "dry_run": False} == done.json
    twice = newsletter("subscribers", "undo-import", "1")
    assert twice.code == 1
    assert "was undone on" in twice.err
    unknown = newsletter("subscribers", "undo-import", "8")
    assert unknown.code == 2
    assert "there is no import 8" in unknown.err


@pytest.mark.usefixtures("workspace")
def test_imports_are_listed_with_what_became_of_them(newsletter: Terminal) -> None:
    bring_in(newsletter, a_list())
    bring_in(newsletter, a_list("email\neve@example.org\n", "eve.csv"))
    newsletter("subscribers", "undo-import", "1")

    listed = newsletter("subscribers", "imports", "--json").json

    assert [(one["import_id"], one["state"], one["added"]) for one in listed] == [
        (1, "undone", 2),
        (2, "finished", 1),
    ]


# Bad input


HOSTILE = {
    "an empty file": b"",
    "a file of white space": b"\n \n\n",
    "no header": b"ann@example.org,Ann\ndai@example.org,Dai\n",
    "duplicate headers": b"email,email,name\nann@example.org,dai@example.org,Ann\n",
    "ten thousand columns": b"email" + b",c" * 9_999 + b"\nann@example.org" + b"," * 9_999 + b"\n",
    "a truncated workbook": b"PK\x03\x04\x14\x00\x06\x00\x08\x00" + b"\x00" * 50,
    "an old workbook": b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "JSON of somebody else": b'{"people": [{"email": "ann@example.org"}]}',
    "broken JSON": b'{"format": "newsletter-audience", "version": 1, "keys": {',
}


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_cannot_be_a_list_is_2_in_plain_words(newsletter: Terminal, name: str) -> None:
    before = database()

    answer = newsletter("subscribers", "import", a_list(HOSTILE[name]), *TOPIC, *CONSENT)

    assert (answer.code, answer.out) == (2, "")
    assert "list.csv" in answer.err
    assert "Traceback" not in answer.err
    assert len(answer.err.splitlines()) <= 3
    assert database() == before


ROWS = {
    "a NUL": "a\0nn@example.org,Ann",
    "a NUL in the name": "ann@example.org,A\0nn",
    "a line feed in the address": '"ann@example.org\nBcc: all@example.org",Ann',
    "a carriage return in the address": '"ann@example.org\rBcc: all@example.org",Ann',
    "a line feed in the name": 'ann@example.org,"Ann\nBcc: all@example.org"',
    "angle brackets": "Ann <ann@example.org>,Ann",
    "a formula": '"=HYPERLINK(""http://example.org"")",Ann',
    "a megabyte": f"ann@example.org,{'A' * 2**20}",
    "too few cells": "ann@example.org",
    "too many cells": "ann@example.org,Ann,Ann",
}


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("name", ROWS)
def test_a_row_that_cannot_be_used_costs_itself_and_no_other(
    newsletter: Terminal, name: str
) -> None:
    """M12"""
    file = a_list(f"email,name\nfirst@example.org,\n{ROWS[name]}\nlast@example.org,\n")

    answer = bring_in(newsletter, file)

    assert (answer.code, numbers(answer)) == (0, {"added": 2, "rejected": 1})
    assert addresses(newsletter) == ["first@example.org", "last@example.org"]
    with Path(answer.json["reject_file"]).open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.reader(stream, strict=True))) == 2


@pytest.mark.usefixtures("workspace")
def test_a_name_in_several_lines_is_one_row(newsletter: Terminal) -> None:
    file = a_list('email,name,note\nann@example.org,Ann,"one\ntwo\n\nthree"\ndai@example.org,D,\n')

    assert numbers(bring_in(newsletter, file)) == {"added": 2}


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.usefixtures("workspace")
def test_formulas_in_a_workbook_are_no_addresses(newsletter: Terminal) -> None:
    data = workbook(
        [["email", "name"], ["ann@example.org"], ['=CONCAT("dai@","example.org")', "Dai"]]
    )

    answer = bring_in(newsletter, a_list(data, "list.xlsx"))

    assert numbers(answer) == {"added": 1, "rejected": 1}


@pytest.mark.usefixtures("workspace")
def test_a_workbook_that_ends_in_the_middle_is_2(newsletter: Terminal) -> None:
    data = workbook([["email"], *([f"p{number}@example.org"] for number in range(500))])

    answer = newsletter(
        "subscribers", "import", a_list(data[: len(data) // 2], "list.xlsx"), *TOPIC, *CONSENT
    )

    assert (answer.code, answer.out) == (2, "")
    assert addresses(newsletter) == []


@pytest.mark.usefixtures("workspace")
def test_a_workbook_that_would_fill_the_memory_is_2(newsletter: Terminal) -> None:
    bomb = io.BytesIO(workbook([["email"], ["ann@example.org"]]))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"\0" * 300_000_000)

    answer = newsletter(
        "subscribers", "import", a_list(bomb.getvalue(), "list.xlsx"), *TOPIC, *CONSENT
    )

    assert (answer.code, answer.out) == (2, "")
    assert "Traceback" not in answer.err


@pytest.mark.usefixtures("workspace")
def test_a_file_with_a_name_that_no_text_can_hold_is_imported(newsletter: Terminal) -> None:
    file = a_list(name="rhestr\udcff\n.csv")

    answer = bring_in(newsletter, file)

    assert numbers(answer) == {"added": 2}
    assert newsletter("subscribers", "imports", "--json").code == 0


@pytest.mark.usefixtures("workspace")
def test_the_whole_audience_of_another_program_needs_a_topic(newsletter: Terminal) -> None:
    answer = newsletter("subscribers", "import", a_list(), *CONSENT)

    assert answer.code == 2
    assert "no topic is given" in answer.err
