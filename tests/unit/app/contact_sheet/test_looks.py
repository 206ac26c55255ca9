"""Copies of a mail: what a reader's program would decide is decided in them."""

from __future__ import annotations

import pytest

from newsletter.app.contact_sheet.looks import (
    DARK,
    INVERTED,
    LIGHT,
    LOOKS,
    NO_IMAGES,
    self_contained,
)
from newsletter.domain.compiled import CompiledMedia
from tests.builders import an_edition, composed, filled

MEDIA_URL = "https://news.example.org/media"
PICTURE = CompiledMedia("0a1b.png", "image/png", b"pixels")
ENTRY = CompiledMedia("2c3d.ics", "text/calendar", b"BEGIN:VCALENDAR")


@pytest.fixture(scope="module")
def page() -> str:
    """A mail as it is sent."""
    return filled(composed(an_edition()).languages["en"].html)


def test_a_light_copy_stays_light_on_a_dark_machine(page: str) -> None:
    copy = LIGHT.of(page)

    assert "prefers-color-scheme" in page
    assert "prefers-color-scheme" not in copy
    assert "@media (max-width:0px)" in copy
    assert "color-scheme:light;" in copy
    assert '<meta name="color-scheme" content="light">' in copy


def test_a_dark_copy_is_dark_on_a_light_machine(page: str) -> None:
    copy = DARK.of(page)

    assert "prefers-color-scheme" not in copy
    assert "@media (min-width:0px)" in copy
    assert "color-scheme:dark;" in copy
    assert '<meta name="color-scheme" content="dark">' in copy


@pytest.mark.parametrize(
    "query",
    [
        "@media (prefers-color-scheme: dark)",
        "@media screen and ( prefers-color-scheme :dark )",
        "@media not (prefers-color-scheme:light)",
    ],
)
def test_templates_may_write_the_question_as_they_like(query: str) -> None:
    style = f"<style>{query} {{ p {{ color:#fff }} }}</style>"

    assert "prefers" not in LIGHT.of(style)
    assert "prefers" not in DARK.of(style)
    assert LIGHT.of(style) != DARK.of(style)


def test_an_inverted_copy_turns_the_light_one_and_leaves_pictures_as_they_are(page: str) -> None:
    copy = INVERTED.of(page)

    assert "<style>html{background:#fff;filter:invert(1) hue-rotate(180deg)}img{filter:" in copy
    assert copy.replace(copy[copy.index("<style>html{") : copy.index("</head>")], "") == LIGHT.of(
        page
    )


def test_without_pictures_their_words_are_left() -> None:
    page = f'<img alt="A harbour" src="{MEDIA_URL}/{PICTURE.name}" width="600">'

    assert NO_IMAGES.of(page) == '<img alt="A harbour" src="data:," width="600">'


def test_a_copy_holds_its_pictures_and_loads_nothing() -> None:
    page = f'<html><head></head><img src="{MEDIA_URL}/{PICTURE.name}"></html>'

    copy = self_contained(page, MEDIA_URL, [PICTURE], "../media")

    assert '<img src="data:image/png;base64,cGl4ZWxz">' in copy
    assert "default-src 'none'; img-src data:" in copy
    assert MEDIA_URL not in copy


def test_what_is_no_picture_is_linked_to_beside_it() -> None:
    page = f'<a href="{MEDIA_URL}/{ENTRY.name}">Add</a>'

    copy = self_contained(page, MEDIA_URL, [ENTRY], "../media")

    assert copy == '<a target="_blank" rel="noopener" href="../media/2c3d.ics">Add</a>'


def test_links_open_beside_the_frame_but_for_those_inside_the_mail() -> None:
    page = '<a class="quiet" href="https://example.org">Out</a> <a href="#s2">Down</a>'

    copy = self_contained(page, MEDIA_URL, [], "../media")

    assert '<a target="_blank" rel="noopener" class="quiet" href="https://example.org">' in copy
    assert '<a href="#s2">Down</a>' in copy


def test_each_look_has_a_name_of_its_own() -> None:
    assert len({look.name for look in LOOKS}) == len(LOOKS)
