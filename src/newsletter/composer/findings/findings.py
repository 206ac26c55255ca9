"""Collecting findings: a broken rule at a place in the edition becomes words and a line number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.composer.findings.rules import RULES
from newsletter.domain.editions import EditionContent
from newsletter.domain.findings import Finding
from newsletter.i18n.language_facts import english_name


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an edition: a language, a section by position (None: the edition), a dotted path."""

    language: str
    section: int | None = None
    field: str | None = None

    def at(self, name: str) -> Place:
        """The place of `name` inside this one."""
        return Place(self.language, self.section, f"{self.field}.{name}" if self.field else name)


class FindingList:
    """The findings of one edition, in the order in which they were made."""

    def __init__(self, content: EditionContent) -> None:
        self._content = content
        self._found: dict[Finding, None] = {}

    def add(self, rule: str, case: str, place: Place, **words: object) -> None:
        """Note that `rule` is broken at `place`, in the way that `case` names.

        `words` fill the wording's names; language and field fill themselves. The same finding
        twice is one.
        """
        wording = RULES[rule].cases[case]
        known = {
            "language": place.language,
            "language_name": english_name(place.language),
            "field": place.field,
            **words,
        }
        finding = Finding(
            rule=rule,
            level=RULES[rule].level,
            message=wording.message.format_map(known),
            fix=wording.fix.format_map(known),
            language=place.language,
            section=place.section,
            field=place.field,
            file=self._content.file,
            line=self._line(place),
        )
        self._found[finding] = None

    def all(self) -> tuple[Finding, ...]:
        """Every finding: of the edition first, then section by section."""
        return tuple(sorted(self._found, key=lambda finding: finding.section or 0))

    def languages_with(self, rule: str) -> frozenset[str]:
        """The languages in which `rule` is broken."""
        return frozenset(f.language for f in self._found if f.rule == rule and f.language)

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
            return line
    return None
