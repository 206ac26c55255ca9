"""Each rule is met once and broken once, at a named place."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from newsletter.composer.checks.finished_mail import check_html
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.findings.rules import RULES
from newsletter.domain.editions import EditionContent, Section, Value
from newsletter.domain.findings import Finding, Level
from tests.builders import a_letter, an_article, an_edition, an_image, composed

IMAGES = {"a.png": an_image(), "a.webp": an_image("WEBP"), "a.svg": b"<svg/>"}


def found(content: EditionContent) -> list[tuple[str, str | None, int | None, str | None]]:
    findings = composed(content, IMAGES).findings
    return [(f.rule, f.language, f.section, f.field) for f in findings]


def of_html(html: str) -> list[Finding]:
    findings = FindingList(an_edition())
    check_html(html, "en", findings)
    return list(findings.all())


def article_with_image(**image: Value) -> EditionContent:
    return an_edition(a_letter(), an_article(image={"src": "a.png", **image}))


def test_a_whole_edition_has_no_findings() -> None:
    content = an_edition(
        a_letter(signature={"name": "Siân Puw", "role": {"en": "Leader", "cy": "Arweinydd"}}),
        an_article(
            image={"src": "a.png", "alt": {"en": "A bridge", "cy": "Pont"}},
            link={"label": {"en": "See it", "cy": "Ei gweld"}, "url": "https://example.org"},
        ),
        preheader={"en": "A bridge opens", "cy": "Agor pont"},
    )

    assert found(content) == []


def test_an_image_without_alt_is_found_in_each_language() -> None:
    """alt-missing; H5."""
    assert found(article_with_image()) == [
        ("alt-missing", "en", 2, "image.alt"),
        ("alt-missing", "cy", 2, "image.alt"),
    ]


def test_a_decorative_image_needs_no_alt() -> None:
    """alt-missing; H5."""
    assert found(article_with_image(decorative=True)) == []


def test_an_alt_in_one_language_only_lacks_its_translation() -> None:
    """translation-missing."""
    assert found(article_with_image(alt={"en": "A bridge"})) == [
        ("translation-missing", "cy", 2, "image.alt")
    ]


@pytest.mark.parametrize("welsh", [{}, {"cy": ""}, {"cy": "  \n"}])
def test_words_that_one_language_lacks_are_found(welsh: Mapping[str, Value]) -> None:
    """translation-missing."""
    content = an_edition(a_letter(body={"en": "Hello", **welsh}))

    assert found(content) == [("translation-missing", "cy", 1, "body")]


def test_words_that_no_language_has_are_found_where_they_are_required() -> None:
    """translation-missing."""
    content = an_edition(a_letter(heading={"en": "", "cy": ""}, signature={"name": "Siân"}))

    assert found(content) == [
        ("translation-missing", "en", 1, "heading"),
        ("translation-missing", "cy", 1, "heading"),
    ]


def test_one_text_for_several_languages_is_found_in_each() -> None:
    """translation-missing: a plain string says nothing about its language."""
    content = an_edition(a_letter(signature={"name": "Siân Puw", "role": "Leader"}))

    assert found(content) == [
        ("translation-missing", "en", 1, "signature.role"),
        ("translation-missing", "cy", 1, "signature.role"),
    ]


def test_one_text_will_do_for_one_language() -> None:
    """translation-missing."""
    content = an_edition(
        Section("letter", {"heading": "Croeso", "body": "Diolch."}),
        languages=("cy",),
        subject={"cy": "Newyddion"},
    )

    assert found(content) == []


def test_a_section_for_one_language_owes_no_translation() -> None:
    """translation-missing: only_for lifts the demand."""
    content = an_edition(
        a_letter(),
        Section("letter", {"heading": {"cy": "Eisteddfod"}, "body": "Dewch."}, only_for="cy"),
    )

    assert found(content) == []


@pytest.mark.parametrize("name", ["subject", "preheader"])
def test_a_subject_or_preheader_in_one_language_only_is_found(name: str) -> None:
    """translation-missing."""
    content = an_edition(**{name: {"en": "October"}})

    assert found(content) == [("translation-missing", "cy", None, name)]


def test_an_address_by_language_owes_each_language() -> None:
    """translation-missing."""
    link = {"label": {"en": "Go", "cy": "Ewch"}, "url": {"en": "https://example.org"}}

    assert found(an_edition(an_article(link=link))) == [
        ("translation-missing", "cy", 1, "link.url")
    ]


@pytest.mark.parametrize("words", ["", "  \t"])
def test_an_empty_subject_is_found(words: str) -> None:
    """subject-empty."""
    content = an_edition(subject={"en": "October", "cy": words})

    assert found(content) == [("subject-empty", "cy", None, "subject")]


def test_no_subject_at_all_is_an_empty_subject() -> None:
    """subject-empty."""
    content = an_edition(subject={})

    assert found(content) == [
        ("subject-empty", "en", None, "subject"),
        ("subject-empty", "cy", None, "subject"),
    ]


@pytest.mark.parametrize(
    ("src", "says"),
    [
        ("gone.png", "The image gone.png is not there."),
        ("a.webp", "The image a.webp cannot be used: it is a WEBP image."),
        ("a.svg", "The image a.svg cannot be used: it is not an image that can be read."),
    ],
)
def test_an_image_that_cannot_be_shown_is_found(src: str, says: str) -> None:
    """image-missing; H16."""
    findings = composed(article_with_image(src=src, decorative=True), IMAGES).findings

    assert [(f.rule, f.field) for f in findings] == [("image-missing", "image.src")] * 2
    assert findings[0].message == says


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"heading": {"en": "{nmae|x}", "cy": "x"}}, "heading", "{nmae|x} is not a value"),
        ({"body": {"en": "Dear {name}", "cy": "x"}}, "body", "{name} does not say"),
        ({"body": {"en": "[a]({email|x})", "cy": "x"}}, "body", "{email} cannot stand in a web"),
    ],
)
def test_a_merge_value_that_cannot_be_filled_is_found(
    fields: Mapping[str, Value], field: str, says: str
) -> None:
    """merge-unknown."""
    findings = composed(an_edition(a_letter(**fields))).findings

    assert [(f.rule, f.language, f.section, f.field) for f in findings] == [
        ("merge-unknown", "en", 1, field)
    ]
    assert findings[0].message.startswith(says)


def test_a_near_name_is_suggested() -> None:
    """merge-unknown."""
    content = an_edition(subject={"en": "For {nmae|you}", "cy": "I {name|chi}"})

    (finding,) = composed(content).findings

    assert finding.field == "subject"
    assert finding.fix == "Did you mean {name|you}?"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "www.example.org", "/report"])
def test_an_address_that_is_no_link_is_found_and_never_linked(url: str) -> None:
    """link-scheme; H19."""
    content = an_edition(an_article(link={"label": {"en": "Go", "cy": "Ewch"}, "url": url}))

    assert found(content) == [
        ("link-scheme", "en", 1, "link.url"),
        ("link-scheme", "cy", 1, "link.url"),
    ]
    html = composed(content).languages["en"].html
    assert not any(url in piece for piece in html if isinstance(piece, str))


def test_a_document_that_says_its_language_everywhere_is_in_order() -> None:
    """lang-missing, heading-order."""
    html = '<html lang="en" dir="ltr"><body><div lang="en" dir="ltr"><h1>a</h1><h2>b</h2><h3>c</h3>'

    assert of_html(html + "<h2>d</h2><h3>e</h3><h4>f</h4></div></body></html>") == []


def test_a_block_without_language_or_direction_is_found() -> None:
    """lang-missing; H1, H3."""
    html = '<html dir="ltr"><body><div lang="en"><h1>a</h1></div></body></html>'

    assert [f.message for f in of_html(html)] == [
        "In the finished English mail, <html> lacks “lang”.",
        "In the finished English mail, <div> lacks “dir”.",
    ]


@pytest.mark.parametrize(
    ("headings", "says"),
    [
        ("<p>x</p>", "The English mail has no main heading."),
        ("<h1>a</h1><h1>b</h1>", "The English mail has a second main heading, “b”."),
        ("<h2>a</h2><h1>b</h1>", "In the English mail, “a” stands before the main heading."),
        (
            "<h1>a</h1><h3>b</h3>",
            "In the English mail, the heading “b” is of level 3 under one of level 1.",
        ),
    ],
)
def test_headings_out_of_order_are_found(headings: str, says: str) -> None:
    """heading-order; H6."""
    html = (
        f'<html lang="en" dir="ltr"><body><div lang="en" dir="ltr">{headings}</div></body></html>'
    )

    assert [(f.rule, f.message) for f in of_html(html)] == [("heading-order", says)]


def test_an_authors_skipped_heading_is_found() -> None:
    """heading-order; H6."""
    content = an_edition(a_letter(body={"en": "#### Deep\n\nwords", "cy": "geiriau"}))

    assert found(content) == [("heading-order", "en", None, None)]


def test_a_finding_names_the_nearest_known_line() -> None:
    section = Section(
        "letter", {"heading": {"en": "x"}, "body": {"en": "y"}}, lines={"": 7, "heading": 9}
    )
    content = an_edition(section, subject={"en": "s"}, file="edition.yaml", lines={"subject": 3})

    findings = composed(content).findings

    assert [(f.field, f.file, f.line) for f in findings] == [
        ("subject", "edition.yaml", 3),
        ("heading", "edition.yaml", 9),
        ("body", "edition.yaml", 7),
    ]


def test_every_rule_speaks_in_whole_sentences() -> None:
    for name, rule in RULES.items():
        assert rule.name == name
        assert rule.level is Level.MUST
        assert all(wording.message.endswith(".") for wording in rule.cases.values()), name
        assert all(wording.fix for wording in rule.cases.values()), name


def test_findings_come_section_by_section_whatever_their_language() -> None:
    content = an_edition(a_letter(body={}), a_letter(body={}), subject={"en": "October"})

    assert [(section, language) for _, language, section, _ in found(content)] == [
        (None, "cy"),
        (1, "en"),
        (1, "cy"),
        (2, "en"),
        (2, "cy"),
    ]
