"""What the checks say, and how much it weighs here, in the language of the sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsletter.app.edition_sheet.sections_shown import heading_of, kind_name
from newsletter.app.edition_sheet.sheet_words import SheetWords
from newsletter.composer.findings.rules import RULES
from newsletter.composer.kinds.kinds import Catalogue
from newsletter.domain.editions import EditionContent
from newsletter.domain.findings import Finding, Level
from newsletter.settings.tables import CheckLevel

_ORDER = tuple(Level)


@dataclass(frozen=True, slots=True)
class SaidFinding:
    """A finding: its level, and the place where it is mended, in words.

    `heading` is that of its section, in the language `heading_language`.
    """

    finding: Finding
    level: str
    language: str
    place: str
    heading: str
    heading_language: str


@dataclass(frozen=True, slots=True)
class ChangedLevel:
    """A rule that weighs more or less here than it does by itself, why, and whether it was met."""

    rule: str
    level: str
    instead_of: str
    reason: str
    met: bool


def said_findings(
    findings: Sequence[Finding],
    content: EditionContent,
    catalogue: Catalogue,
    words: SheetWords,
) -> tuple[SaidFinding, ...]:
    """The findings, the heaviest first, each weight in the order of the edition."""
    ordered = sorted(findings, key=lambda one: (_ORDER.index(one.level), one.section or 0))
    return tuple(_said(one, content, catalogue, words) for one in ordered)


def changed_levels(
    levels: Mapping[str, CheckLevel], findings: Sequence[Finding], words: SheetWords
) -> Iterator[ChangedLevel]:
    """Every level that the settings change, whether or not a finding has it."""
    broken = {one.rule for one in findings}
    for rule, changed in levels.items():
        yield ChangedLevel(
            rule=rule,
            level=words.one_of("level", changed.level),
            instead_of=words.one_of("level", RULES[rule].level),
            reason=changed.reason,
            met=rule in broken,
        )


def _said(
    finding: Finding, content: EditionContent, catalogue: Catalogue, words: SheetWords
) -> SaidFinding:
    place, heading = words.say("whole_edition"), ""
    language = finding.language or content.languages[0]
    if finding.section is not None:
        section = content.sections[finding.section - 1]
        kind = kind_name(section, catalogue, words)
        place = words.say("section", number=finding.section, kind=kind.lower())
        heading = heading_of(section, language)
    return SaidFinding(
        finding=finding,
        level=words.one_of("level", finding.level),
        language=words.languages([finding.language]) if finding.language else "",
        place=place,
        heading=heading,
        heading_language=language,
    )
