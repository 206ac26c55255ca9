"""A translation left behind: told at import, settled by writing it anew or by confirming it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.terminal import Answer, Terminal

EDITION = Path("editions/first-edition/edition.yaml")
ENGLISH, CHANGED = '  en: "Our first bulletin"', '  en: "Our very first bulletin"'


def _edit(old: str, new: str) -> None:
    text = EDITION.read_text(encoding="utf-8")
    assert old in text
    EDITION.write_text(text.replace(old, new, 1), encoding="utf-8")


def _stale(answer: Answer) -> list[tuple[str, str, int | None]]:
    return [
        (one["language"], one["field"], one["line"])
        for one in answer.json["findings"]
        if one["rule"] == "translation-stale"
    ]


@pytest.fixture
def left_behind(newsletter: Terminal, workspace: Path) -> Terminal:
    """An edition whose English subject was changed, and the Welsh one was not."""
    assert newsletter("edition", "import", EDITION).code == 0
    _edit(ENGLISH, CHANGED)
    return newsletter


def test_a_change_of_one_language_is_told_at_import_with_its_line(left_behind: Terminal) -> None:
    answer = left_behind("edition", "import", EDITION, "--json")

    lines = EDITION.read_text(encoding="utf-8").splitlines()
    line = lines.index('  cy: "Ein bwletin cyntaf"') + 1
    assert _stale(answer) == [("cy", "subject", line)]
    assert "newsletter edition confirm first-edition --language cy" in str(answer.json)


def test_a_file_alone_cannot_know_what_was_before(left_behind: Terminal) -> None:
    assert _stale(left_behind("check", EDITION, "--json")) == []


def test_writing_the_translation_anew_settles_it(left_behind: Terminal) -> None:
    left_behind("edition", "import", EDITION)
    _edit('  cy: "Ein bwletin cyntaf"', '  cy: "Ein bwletin cyntaf un"')

    assert _stale(left_behind("edition", "import", EDITION, "--json")) == []


def test_confirming_settles_it_until_the_next_change(left_behind: Terminal) -> None:
    left_behind("edition", "import", EDITION)

    answer = left_behind("edition", "confirm", "first-edition", "--language", "cy", "--by", "Siân")

    assert answer.code == 0
    assert "cy still holds; 1 stale translation is settled" in answer.out
    assert _stale(left_behind("edition", "import", EDITION, "--json")) == []
    _edit(CHANGED, ENGLISH.replace("first", "1st"))
    assert len(_stale(left_behind("edition", "import", EDITION, "--json"))) == 1


def test_a_confirmation_is_audited_under_the_name_given(
    left_behind: Terminal, workspace: Path
) -> None:
    left_behind("edition", "import", EDITION)
    left_behind("edition", "confirm", "first-edition", "--language", "cy", "--by", "Siân")

    with sqlite3.connect(workspace / "data" / "newsletter.db") as database:
        rows = database.execute(
            "SELECT actor, subject, detail FROM audit WHERE action LIKE '%conf%'"
        )
        assert rows.fetchall() == [("Siân", "first-edition", "cy of revision 2")]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "en is the first language of edition first-edition"),
        ("fr", "edition first-edition has no language fr"),
    ],
)
def test_only_another_language_of_the_edition_can_be_confirmed(
    left_behind: Terminal, language: str, words: str
) -> None:
    answer = left_behind("edition", "confirm", "first-edition", "--language", language)

    assert answer.code == 2
    assert words in answer.err


def test_a_workspace_may_demand_that_languages_are_in_step(
    left_behind: Terminal, workspace: Path
) -> None:
    with Path("newsletter.toml").open("a", encoding="utf-8") as file:
        file.write('\n[checks.translation-stale]\nlevel = "must"\nreason = "Standard 4"\n')
    left_behind("edition", "import", EDITION)

    refused = left_behind("edition", "approve", "first-edition")

    assert refused.code == 1
    assert "translation-stale" in refused.err


def test_an_approval_records_the_levels_that_were_changed_and_why(
    left_behind: Terminal, workspace: Path
) -> None:
    with Path("newsletter.toml").open("a", encoding="utf-8") as file:
        file.write('\n[checks.translation-stale]\nlevel = "advice"\nreason = "A typing slip."\n')
    left_behind("edition", "import", EDITION)

    assert left_behind("edition", "approve", "first-edition").code == 0

    with sqlite3.connect(workspace / "data" / "newsletter.db") as database:
        (detail,) = database.execute(
            "SELECT detail FROM audit WHERE action = 'edition approve'"
        ).fetchone()
    assert "translation-stale is advice instead of should: A typing slip." in detail


def test_a_level_for_a_rule_that_is_none_is_told_the_nearest(
    newsletter: Terminal, workspace: Path
) -> None:
    with Path("newsletter.toml").open("a", encoding="utf-8") as file:
        file.write('\n[checks.link-vage]\nlevel = "advice"\nreason = "a"\n')

    answer = newsletter("check", EDITION)

    assert answer.code == 2
    assert "newsletter.toml: checks.link-vage: there is no check called link-vage" in answer.err
    assert "Did you mean link-vague?" in answer.err
