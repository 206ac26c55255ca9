"""What is found in an edition while it is composed, at a named place."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from newsletter.domain.editions import EditionContent, OnlyFor, Section, Value
from tests.builders import a_letter, an_article, an_edition, an_image, composed

IMAGES = {"a.png": an_image(), "a.webp": an_image("WEBP"), "a.svg": b"<svg/>"}


def found(rule: str, content: EditionContent) -> list[tuple[str | None, int | None, str | None]]:
    """Where the rule is broken: language, section, field."""
    findings = composed(content, IMAGES).findings
    return [(f.language, f.section, f.field) for f in findings if f.rule == rule]


def article_with_image(**image: Value) -> EditionContent:
    return an_edition(a_letter(), an_article(image={"src": "a.png", **image}))


def test_a_whole_edition_has_no_findings() -> None:
    words = {
        "en": "The bridge opens in May, after two years of work on its piers.",
        "cy": "Mae'r bont yn agor ym mis Mai, wedi dwy flynedd o waith ar ei phileri.",
    }
    content = an_edition(
        a_letter(signature={"name": "Siân Puw", "role": {"en": "Leader", "cy": "Arweinydd"}}),
        an_article(
            image={"src": "a.png", "alt": {"en": "A bridge of stone", "cy": "Pont o gerrig"}},
            link={
                "label": {"en": "See the bridge", "cy": "Gweld y bont"},
                "url": {"en": "https://aber.wales/bridge", "cy": "https://aber.wales/pont"},
            },
        ),
        preheader=words,
    )

    assert composed(content, IMAGES).findings == ()


def test_an_image_without_alt_is_found_in_each_language() -> None:
    """alt-missing; H5."""
    assert found("alt-missing", article_with_image()) == [
        ("en", 2, "image.alt"),
        ("cy", 2, "image.alt"),
    ]


def test_a_decorative_image_needs_no_alt() -> None:
    """alt-missing; H5."""
    assert found("alt-missing", article_with_image(decorative=True)) == []


def test_an_alt_in_one_language_only_lacks_its_translation() -> None:
    """translation-missing."""
    assert found("translation-missing", article_with_image(alt={"en": "A bridge"})) == [
        ("cy", 2, "image.alt")
    ]


@pytest.mark.parametrize("welsh", [{}, {"cy": ""}, {"cy": "  \n"}])
def test_words_that_one_language_lacks_are_found(welsh: Mapping[str, Value]) -> None:
    """translation-missing."""
    content = an_edition(a_letter(body={"en": "Hello", **welsh}))

    assert found("translation-missing", content) == [("cy", 1, "body")]


def test_words_that_no_language_has_are_found_where_they_are_required() -> None:
    """translation-missing."""
    content = an_edition(a_letter(heading={"en": "", "cy": ""}, signature={"name": "Siân"}))

    assert found("translation-missing", content) == [
        ("en", 1, "heading"),
        ("cy", 1, "heading"),
    ]


def test_one_text_for_several_languages_is_found_in_each() -> None:
    """translation-missing: a plain string says nothing about its language."""
    content = an_edition(a_letter(signature={"name": "Siân Puw", "role": "Leader"}))

    assert found("translation-missing", content) == [
        ("en", 1, "signature.role"),
        ("cy", 1, "signature.role"),
    ]


def test_one_text_will_do_for_one_language() -> None:
    """translation-missing."""
    content = an_edition(
        Section("letter", {"heading": "Croeso", "body": "Diolch."}),
        languages=("cy",),
        subject={"cy": "Newyddion"},
    )

    assert found("translation-missing", content) == []


def test_a_section_for_one_language_owes_no_translation() -> None:
    """translation-missing: only_for lifts the demand."""
    content = an_edition(
        a_letter(),
        Section(
            "letter", {"heading": {"cy": "Eisteddfod"}, "body": "Dewch."}, only_for=OnlyFor("cy")
        ),
    )

    assert found("translation-missing", content) == []


@pytest.mark.parametrize("name", ["subject", "preheader"])
def test_a_subject_or_preheader_in_one_language_only_is_found(name: str) -> None:
    """translation-missing."""
    content = an_edition(**{name: {"en": "October"}})

    assert found("translation-missing", content) == [("cy", None, name)]


def test_an_address_by_language_owes_each_language() -> None:
    """translation-missing."""
    link = {"label": {"en": "Go", "cy": "Ewch"}, "url": {"en": "https://example.org"}}

    assert found("translation-missing", an_edition(an_article(link=link))) == [
        ("cy", 1, "link.url")
    ]


@pytest.mark.parametrize("words", ["", "  \t"])
def test_an_empty_subject_is_found(words: str) -> None:
    """subject-empty."""
    content = an_edition(subject={"en": "October", "cy": words})

    assert found("subject-empty", content) == [("cy", None, "subject")]


def test_no_subject_at_all_is_an_empty_subject() -> None:
    """subject-empty."""
    content = an_edition(subject={})

    assert found("subject-empty", content) == [
        ("en", None, "subject"),
        ("cy", None, "subject"),
    ]


def test_an_image_that_is_not_there_is_found() -> None:
    """image-missing; H16."""
    assert found("image-missing", article_with_image(src="gone.png", decorative=True)) == [
        ("en", 2, "image.src"),
        ("cy", 2, "image.src"),
    ]


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

    (finding,) = [one for one in findings if one.rule == "merge-unknown"]
    assert (finding.language, finding.section, finding.field) == ("en", 1, field)
    assert finding.message.startswith(says)


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

    assert found("link-scheme", content) == [
        ("en", 1, "link.url"),
        ("cy", 1, "link.url"),
    ]
    html = composed(content).languages["en"].html
    assert not any(url in piece for piece in html if isinstance(piece, str))


def test_an_authors_skipped_heading_is_found() -> None:
    """heading-order; H6."""
    content = an_edition(a_letter(body={"en": "#### Deep\n\nwords", "cy": "geiriau"}))

    assert found("heading-order", content) == [("en", 1, None)]


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


def test_findings_come_section_by_section_whatever_their_language() -> None:
    content = an_edition(a_letter(body={}), a_letter(body={}), subject={"en": "October"})

    findings = found("translation-missing", content)

    assert [(section, language) for language, section, _ in findings] == [
        (None, "cy"),
        (1, "en"),
        (1, "cy"),
        (2, "en"),
        (2, "cy"),
    ]
