"""Segments on the command line: adding, listing, counting, removing, and sending to one."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest

from tests.terminal import Terminal

TOPIC = ("--topic", "monthly-bulletin")
RULE = 'language = cy and county in ("Powys", "Ceredigion")'


@pytest.fixture
def listed(newsletter: Terminal, workspace: Path) -> None:
    """Four people, two of Powys, whose county is known by the settings."""
    settings = workspace / "newsletter.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}\n[attributes]\ncounty = {{ type = "text" }}\n', encoding="utf-8")
    Path("list.csv").write_text(
        "email,name,language,county\nsian@example.org,Siân,cy,Powys\ndai@example.org,Dai,en,Powys\n"
        "eleri@example.org,Eleri,cy,Gwynedd\nmair@example.org,Mair,cy,\n",
        encoding="utf-8",
    )
    words = ("--basis", "consent")
    assert newsletter("subscribers", "import", "list.csv", *TOPIC, *words).code == 0


@pytest.mark.usefixtures("listed")
def test_a_segment_is_added_listed_counted_and_removed(newsletter: Terminal) -> None:
    added = newsletter("segments", "add", "mid-wales", RULE.replace(" = ", "="))
    again = newsletter("segments", "add", "mid-wales", "county is set")
    listed = newsletter("segments", "list", "--json").json
    counted = newsletter("segments", "count", "mid-wales", *TOPIC, "--json").json
    removed = newsletter("segments", "remove", "mid-wales")

    assert (added.code, added.out) == (0, f"mid-wales: {RULE}\n")
    assert (again.code, "--replace" in again.err) == (1, True)
    assert listed == [{"segment": "mid-wales", "rule": RULE}]
    assert counted == {
        "segment": "mid-wales",
        "topic": "monthly-bulletin",
        "count": 1,
        "languages": {"en": 0, "cy": 1},
    }
    assert removed.code == 0
    assert newsletter("segments", "list", "--json").json == []


@pytest.mark.usefixtures("listed")
def test_a_rule_is_counted_without_being_saved(newsletter: Terminal) -> None:
    answer = newsletter("segments", "count", 'not county = "Powys"', *TOPIC, "--json")
    plain = newsletter("segments", "count", 'not county = "Powys"', *TOPIC)

    assert answer.json == {
        "rule": 'county != "Powys"',
        "topic": "monthly-bulletin",
        "count": 2,
        "languages": {"en": 0, "cy": 2},
    }
    assert plain.out == '2 readers of monthly-bulletin (0 en, 2 cy): county != "Powys"\n'


@pytest.mark.usefixtures("listed")
def test_a_rule_that_cannot_be_read_is_2_and_shows_the_place(newsletter: Terminal) -> None:
    answer = newsletter("segments", "add", "mid-wales", "language = cy ad county is set")

    assert answer.code == 2
    assert answer.err.splitlines() == [
        'column 15: expected and, or or the end, not "ad"',
        "  language = cy ad county is set",
        "                ^",
        "Did you mean and?",
    ]
    assert newsletter("segments", "list", "--json").json == []


@pytest.mark.usefixtures("listed")
def test_a_name_that_is_no_segment_is_2_and_names_the_nearest(newsletter: Terminal) -> None:
    newsletter("segments", "add", "mid-wales", RULE)

    counted = newsletter("segments", "count", "mid-walse", *TOPIC)
    removed = newsletter("segments", "remove", "mid-walse")

    for answer in (counted, removed):
        assert answer.code == 2
        assert "no segment mid-walse" in answer.err
        assert "Did you mean mid-wales?" in answer.err


@pytest.mark.usefixtures("listed")
def test_an_edition_goes_to_its_segment_alone(newsletter: Terminal) -> None:
    file = Path("editions/first-edition/edition.yaml")
    text = file.read_text(encoding="utf-8").replace("segment: null", "segment: powys")
    file.write_text(text, encoding="utf-8")
    newsletter("edition", "import", file)

    refused = newsletter("edition", "approve", "first-edition")
    newsletter("segments", "add", "powys", 'county = "Powys"')
    approved = newsletter("edition", "approve", "first-edition")
    shown = newsletter("edition", "show", "first-edition", "--json").json
    sent = newsletter("send", "run", "first-edition", "--yes", "--json")
    status = newsletter("send", "status", "first-edition", "--json").json

    assert (refused.code, "no segment powys" in refused.err) == (1, True)
    assert approved.code == 0, approved.err
    assert shown["approval"]["segment"] == "powys"
    assert shown["approval"]["rules"] == {"powys": 'county = "Powys"'}
    assert shown["languages"] == {"en": 1, "cy": 1}
    assert sent.json["started"] == ["first-edition"]
    assert (status["audience"], status["languages"]) == (2, {"en": 1, "cy": 1})


@pytest.mark.usefixtures("listed")
def test_composing_as_somebody_gives_them_their_sections_and_format(newsletter: Terminal) -> None:
    file = Path("editions/first-edition/edition.yaml")
    section = (
        "  - kind: letter\n    only_for: {segment: powys}\n"
        '    heading: {en: "For {county|all} alone", cy: "I {county|bawb} yn unig"}\n'
        '    body: {en: "Hay is made.", cy: "Mae’r gwair wedi’i gywain."}\n'
    )
    file.write_text(
        file.read_text(encoding="utf-8").rstrip("\n") + f"\n{section}", encoding="utf-8"
    )
    newsletter("segments", "add", "powys", 'county = "Powys"')

    for person in ("sian@example.org", "eleri@example.org"):
        newsletter("compose", file, "--as", person, "--out", person)

    theirs = Path("sian@example.org/cy.eml").read_bytes()
    message = email.message_from_bytes(theirs, policy=email.policy.default)
    assert message["To"] == "sian@example.org"
    assert "I Powys yn unig" in Path("sian@example.org/cy.txt").read_text(encoding="utf-8")
    assert "yn unig" not in Path("eleri@example.org/cy.txt").read_text(encoding="utf-8")
