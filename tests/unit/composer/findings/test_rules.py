"""The table of rules, and the page that explains it."""

from __future__ import annotations

import re

import pytest

from newsletter.composer.findings.reference import checks_page
from newsletter.composer.findings.rules import AREAS, RULES
from newsletter.domain.languages import is_language_tag

FIXED = {
    *("alt-missing", "alt-poor", "link-vague", "link-ambiguous", "link-scheme", "link-broken"),
    *("link-http", "heading-order", "lang-missing", "translation-missing", "subject-empty"),
    *("preheader-length", "image-missing", "image-weight", "image-format", "placeholder"),
    *("fake-list", "date-past", "doubled-word", "merge-unknown"),
}
"""Names that people write into their settings, so that they never change."""


def test_names_that_never_change_are_there() -> None:
    assert RULES.keys() >= FIXED


def test_no_rule_is_there_twice() -> None:
    names = [rule.name for area in AREAS.values() for rule in area]

    assert sorted(names) == sorted(RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_explains_itself_in_whole_sentences(name: str) -> None:
    rule = RULES[name]

    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert rule.about.endswith(".")
    assert rule.source
    assert rule.cases
    assert all(is_language_tag(language) for language in rule.languages)
    for case, wording in rule.cases.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", case)
        assert wording.message
        assert wording.fix


def test_the_page_explains_each_case_of_each_rule() -> None:
    page = checks_page()

    for rule in RULES.values():
        section = page.partition(f"\n### {rule.name}\n")[2].partition("\n### ")[0]
        for case, wording in rule.cases.items():
            assert f"| {case} | {wording.level or rule.level} |" in section


def test_the_page_shows_what_is_typed_as_it_is_typed() -> None:
    page = checks_page()

    assert "Known are {name\\|…}, {email\\|…}" in page
    assert "use \\*\\*bold\\*\\* for weight" in page
