"""Which signs of other Markdown are found, and which characters are only characters."""

from __future__ import annotations

import pytest

from newsletter.composer.checks.foreign_markup import check_foreign_markup
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.reading.passages import Passage
from tests.builders import an_edition
from tests.writings import address, line, rich


def found_in(passage: Passage) -> list[str]:
    """What the findings say is wrong."""
    findings = FindingList(an_edition())
    check_foreign_markup([passage], findings)
    return [finding.message for finding in findings.all()]


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("| Day | Boats |\n|---|---|\n| Mon | 4 |", "| Day | Boats |"),
        ("Day | Boats\n:-- | --:\nMon | 4", "Day | Boats"),
        ("See ![the quay](https://harbour.example.org/quay.png).", "![the"),
        ("```python\nprint()\n```", "```python"),
        ("```\nnever closed", "```"),
        ("It costs ~~four pounds~~ three.", "~~four pounds~~"),
        ("It sails daily.[^note]", "[^note]"),
    ],
)
def test_markdown_that_texts_do_not_know_is_found_once(words: str, written: str) -> None:
    (message,) = found_in(rich(words))

    assert message.startswith(f"“{written}")


@pytest.mark.parametrize("words", ["The **new** ferry", "~~Old~~ new", "A note[^1]", "![a](b)"])
def test_a_line_of_plain_words_knows_no_markdown_at_all(words: str) -> None:
    assert len(found_in(line(words))) == 1


@pytest.mark.parametrize(
    "words",
    [
        "The ferry | the bridge",
        "The ferry | the bridge\n\n---\n\nA new thought",
        "The ferry | the bridge\n- and an item",
        "The **new** ferry",
        "~~~~~~",
        "About ~ 4 or ~~ 5",
        r"A real \~~wave~~ and \![bracket](https://harbour.example.org)",
        "Look![the quay]",
        "A `word` in ``quotes``",
    ],
)
def test_characters_that_mean_nothing_are_let_pass(words: str) -> None:
    assert found_in(rich(words)) == []


def test_stars_that_embrace_no_words_are_let_pass() -> None:
    assert found_in(line("Five stars *****, or 2 ** 3 ** 4")) == []


def test_an_address_may_hold_any_sign() -> None:
    assert found_in(address("https://harbour.example.org/~~old~~/[^1]")) == []


def test_each_block_of_code_is_found_at_the_fence_that_opens_it() -> None:
    assert len(found_in(rich("```\na\n```\n\nbetween\n\n```\nb\n```"))) == 1  # alike, in one place
    assert len(found_in(rich("```a\n1\n```\n\nbetween\n\n```b\n2\n```"))) == 2
