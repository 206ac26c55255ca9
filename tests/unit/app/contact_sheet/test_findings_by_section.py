"""Findings in groups, as people read them."""

from __future__ import annotations

from newsletter.app.contact_sheet.findings_by_section import findings_by_section
from newsletter.domain.findings import Finding, Level
from tests.builders import a_catalogue, a_letter, an_article, an_edition

CONTENT = an_edition(a_letter(), an_article())


def a_finding(section: int | None, *, level: Level = Level.MUST, **more: object) -> Finding:
    return Finding("alt-missing", level, "It has no words.", "Write some.", section=section, **more)  # type: ignore[arg-type]


def test_the_edition_comes_first_and_sections_follow_in_order() -> None:
    findings = (a_finding(2), a_finding(None), a_finding(1), a_finding(2))

    groups = findings_by_section(findings, CONTENT, a_catalogue())

    assert [(group.name, len(group.findings)) for group in groups] == [
        ("The edition as a whole", 1),
        ("Section 1, letter: “Welcome”", 1),
        ("Section 2, article: “Our annual report”", 2),
    ]


def test_levels_languages_and_places_are_said_in_words() -> None:
    finding = a_finding(1, level=Level.SHOULD, language="cy", file="edition.yaml", line=12)

    said = findings_by_section((finding,), CONTENT, a_catalogue())[0].findings[0]

    assert (said.level, said.language, said.place) == (
        "Should be mended",
        "Welsh",
        "edition.yaml:12",
    )


def test_a_section_without_a_heading_is_named_by_its_kind() -> None:
    content = an_edition(a_letter(heading=None))

    groups = findings_by_section((a_finding(1),), content, a_catalogue())

    assert groups[0].name == "Section 1, letter"
