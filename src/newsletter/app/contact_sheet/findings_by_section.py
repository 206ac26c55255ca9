"""What the checks say, section by section, as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from newsletter.composer.kinds.kinds import Catalogue
from newsletter.domain.editions import EditionContent, Section
from newsletter.domain.findings import Finding, Level
from newsletter.domain.languages import in_language
from newsletter.i18n.language_facts import english_name

_SAID = {
    Level.MUST: "Must be mended",
    Level.SHOULD: "Should be mended",
    Level.ADVICE: "Advice",
}


@dataclass(frozen=True, slots=True)
class SaidFinding:
    """A finding, its level and language in words, and where in which file it is mended."""

    finding: Finding
    level: str
    language: str
    place: str


@dataclass(frozen=True, slots=True)
class SectionFindings:
    """The findings of one section, or of the edition as a whole; `name` is what it is called."""

    name: str
    findings: tuple[SaidFinding, ...]


def findings_by_section(
    findings: tuple[Finding, ...], content: EditionContent, catalogue: Catalogue
) -> tuple[SectionFindings, ...]:
    """The findings in groups, those of the whole edition first."""
    ordered = sorted(findings, key=lambda one: one.section or 0)
    return tuple(
        SectionFindings(_name(position, content, catalogue), tuple(map(_said, group)))
        for position, group in groupby(ordered, key=lambda one: one.section)
    )


def _name(position: int | None, content: EditionContent, catalogue: Catalogue) -> str:
    if position is None:
        return "The edition as a whole"
    section = content.sections[position - 1]
    label = in_language(catalogue.kinds[section.kind].labels, "en").lower()
    heading = _heading(section, content.languages[0])
    return f"Section {position}, {label}" + (f": “{heading}”" if heading else "")


def _heading(section: Section, language: str) -> str:
    heading = section.fields.get("heading")
    if isinstance(heading, Mapping):
        return in_language({tag: str(words) for tag, words in heading.items()}, language)
    return str(heading or "")


def _said(finding: Finding) -> SaidFinding:
    place = ":".join(str(part) for part in (finding.file, finding.line) if part is not None)
    language = english_name(finding.language) if finding.language else ""
    return SaidFinding(finding, _SAID[finding.level], language, place)
