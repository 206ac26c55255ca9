"""An edition's content as JSON, and its digest."""

from __future__ import annotations

import json
from dataclasses import replace

from newsletter.domain.editions import EditionContent, OnlyFor, Section
from newsletter.editions.content_json import content_digest, content_from_json, content_to_json

CONTENT = EditionContent(
    slug="2026-10",
    topic="monthly-bulletin",
    languages=("en", "cy"),
    subject={"cy": "Bwletin", "en": "Bulletin"},
    preheader={"en": "News", "cy": "Newyddion"},
    sections=(
        Section(
            "letter",
            {"heading": {"cy": "Croeso", "en": "Welcome"}},
            id="a1",
            only_for=OnlyFor("cy"),
        ),
        Section("article", {"image": {"src": "images/a.png", "decorative": True}}, id="a2"),
    ),
)


def test_content_comes_back_as_it_was_in_values_and_order() -> None:
    through_text = json.loads(json.dumps(content_to_json(CONTENT)))

    back = content_from_json(through_text)

    assert back == CONTENT
    assert list(back.subject) == ["cy", "en"]


def test_a_segment_comes_back_and_is_seen_by_the_digest() -> None:
    for_staff = replace(CONTENT, segment="staff")

    assert content_from_json(content_to_json(for_staff)) == for_staff
    assert content_digest(for_staff, {}) != content_digest(CONTENT, {})


def test_content_that_was_kept_before_there_were_segments_is_for_everyone() -> None:
    assert "segment" not in content_to_json(CONTENT)
    assert content_from_json(content_to_json(CONTENT)).segment is None


def test_the_segments_of_an_edition_are_its_own_and_its_sections() -> None:
    section = Section("letter", {}, only_for=OnlyFor(segment="press"))
    both = replace(CONTENT, segment="staff", sections=(section, *CONTENT.sections, section))

    assert both.segments == ("press", "staff")
    assert CONTENT.segments == ()


def test_the_digest_sees_words_pictures_and_order() -> None:
    digest = content_digest(CONTENT, {"images/a.png": "00"})

    assert digest == content_digest(CONTENT, {"images/a.png": "00"})
    assert digest != content_digest(CONTENT, {"images/a.png": "01"})
    assert digest != content_digest(replace(CONTENT, subject={"en": "B"}), {"images/a.png": "00"})
    turned = replace(CONTENT, sections=CONTENT.sections[::-1])
    assert digest != content_digest(turned, {"images/a.png": "00"})


def test_the_digest_does_not_see_where_the_content_was_read_from() -> None:
    elsewhere = replace(CONTENT, file="elsewhere/edition.yaml", lines={"subject.en": 7})

    assert content_digest(elsewhere, {}) == content_digest(CONTENT, {})
