"""What an author may have written, in small pieces, and what the checks say of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from newsletter.composer.checks.examined import Writing
from newsletter.composer.checks.writing import check_writing
from newsletter.composer.findings.findings import FindingList, Place
from newsletter.composer.kinds.kinds import Field, FieldType
from newsletter.composer.reading.passages import Passage
from newsletter.composer.words.merge_values import Marks
from newsletter.composer.words.problems import LinkProblem, MergeProblem
from newsletter.composer.words.richtext import read_rich_text
from newsletter.composer.words.words import NOTHING, Written, read_words
from newsletter.domain.compiled import CompiledLink
from newsletter.domain.findings import Finding
from tests.builders import an_edition

MARKS = Marks([])
PREHEADERS = {
    "en": "The east quay is open again, and the lighthouse opens its doors.",
    "cy": "Mae'r cei dwyreiniol ar agor eto, a'r goleudy yn agor ei ddrysau.",
}


def line(words: str, field: str = "heading", *, section: int | None = 1) -> Passage:
    """One line of words."""
    return _passage(FieldType.WORDS, words, read_words(words, MARKS, _ignore), field, section)


def rich(words: str, field: str = "body") -> Passage:
    """A text in Markdown, in section 1."""
    return _passage(FieldType.RICH_TEXT, words, read_rich_text(words, MARKS, _ignore), field, 1)


def address(url: str, field: str = "link.url") -> Passage:
    """A web address in a field of its own, in section 1."""
    return _passage(FieldType.URL, url, Written(NOTHING.html, url), field, 1)


def a_writing(
    *passages: Passage,
    language: str = "en",
    languages: tuple[str, ...] = ("en", "cy"),
    links: Sequence[CompiledLink] = (),
    today: date = date(2026, 10, 1),
) -> Writing:
    """An edition of these passages, and a preheader that nothing is wrong with."""
    preheader = line(PREHEADERS.get(language, "…" * 50), "preheader", section=None)
    return Writing(language, languages, (preheader, *passages), (), links, MARKS, today)


def found_in(writing: Writing) -> tuple[Finding, ...]:
    """What the checks find."""
    findings = FindingList(an_edition())
    check_writing(writing, findings)
    return findings.all()


def rules_broken_by(*passages: Passage, language: str = "en") -> list[str]:
    """The rules that these passages break, in the order of the edition."""
    return [finding.rule for finding in found_in(a_writing(*passages, language=language))]


def _passage(
    kind: FieldType, source: str, written: Written, field: str, section: int | None
) -> Passage:
    place = Place("en", section, field)
    return Passage(place, Field(field.rpartition(".")[2], kind), source, written)


def _ignore(problem: MergeProblem | LinkProblem) -> None:
    """Faulty braces and addresses are reported where they are read."""
