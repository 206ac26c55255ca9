"""Collecting findings: a broken rule at a place in the edition becomes words and a line number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from newsletter.composer.findings.rules import RULES
from newsletter.domain.editions import EditionContent
from newsletter.domain.findings import Finding, Level
from newsletter.i18n.language_facts import english_name


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an edition: a language, a section by position (None: the edition), a dotted path.

    Items of a list are counted from 1 in the path: `items.2.label`. `row` is the line inside a text
    of several lines, counted from 0, or None for the whole of it.
    """

    language: str
    section: int | None = None
    field: str | None = None
    row: int | None = None

    def at(self, name: str | int) -> Place:
        """The place of `name` inside this one."""
        inner = f"{self.field}.{name}" if self.field else str(name)
        return Place(self.language, self.section, inner, self.row)


class FindingList:
    """The findings of one edition, in the order in which they were made.

    `levels` holds the levels that the workspace gave to rules in its settings.
    """

    def __init__(self, content: EditionContent, levels: Mapping[str, Level] | None = None) -> None:
        self._content = content
        self._levels = levels or {}
        self._found: dict[Finding, None] = {}

    def add(self, rule: str, case: str, place: Place, **words: object) -> None:
        """Note that `rule` is broken at `place`, in the way that `case` names.

        `words` fill the wording's names; language and field fill themselves. The same finding
        twice is one.
        """
        known = {
            "language": place.language,
            "language_name": english_name(place.language),
            "field": place.field,
            **words,
        }
        finding = replace(
            self._worded(rule, case, known),
            language=place.language,
            section=place.section,
            field=place.field,
            file=self._content.file,
            line=self._line(place),
        )
        self._found[finding] = None

    def add_in_template(
        self, rule: str, case: str, template: str | None, line: int | None, **words: object
    ) -> None:
        """Note that a template breaks `rule`, at a line of its own; in all languages alike."""
        self._found[replace(self._worded(rule, case, words), file=template, line=line)] = None

    def all(self) -> tuple[Finding, ...]:
        """Every finding: of the edition first, then section by section."""
        return tuple(sorted(self._found, key=lambda finding: finding.section or 0))

    def languages_with(self, rule: str) -> frozenset[str]:
        """The languages in which `rule` is broken."""
        return frozenset(f.language for f in self._found if f.rule == rule and f.language)

    def _worded(self, rule: str, case: str, words: Mapping[str, object]) -> Finding:
        wording = RULES[rule].cases[case]
        return Finding(
            rule=rule,
            level=self._levels.get(rule) or wording.level or RULES[rule].level,
            message=wording.message.format_map(words),
            fix=wording.fix.format_map(words),
        )

    def _line(self, place: Place) -> int | None:
        if place.section is None:
            return _nearest(self._content.lines, place)
        return _nearest(self._content.sections[place.section - 1].lines, place)


def _nearest(lines: Mapping[str, int], place: Place) -> int | None:
    """The line of the longest known path that leads to `place`: words, their field, its group."""
    path = [*(place.field or "").split("."), place.language]
    for length in range(len(path), -1, -1):
        line = lines.get(".".join(path[:length]))
        if line is not None:
            is_words = length >= len(path) - 1
            # A text of several lines begins on the line below its key.
            return line + 1 + place.row if place.row is not None and is_words else line
    return None
