"""A mail inside a page: with everything that its readers see, and nothing that reaches out."""

from __future__ import annotations

import re

import pytest

from newsletter.app.edition_sheet.rendering import rendering
from tests.builders import an_edition, composed, filled

DESK, PHONE = 700, 375


def nothing(_name: str) -> None:
    """No picture is there."""


def shown(body: str, head: str = "", width: int = DESK) -> str:
    html = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
    return str(rendering(html, width, nothing))


def test_a_mail_is_whole_in_a_tree_of_its_own() -> None:
    html = filled(composed(an_edition()).languages["en"].html)
    body = re.search(r'<body style="([^"]*)">(.*)</body>', html, re.DOTALL)

    inside = str(rendering(html, DESK, nothing))

    assert body is not None
    without_comments = re.sub(r"<!--.*?-->", "", body[2], flags=re.DOTALL)
    assert inside.startswith('<template shadowrootmode="open">')
    assert inside.replace(' target="_blank" rel="noopener noreferrer"', "").endswith(
        f'<div style="{body[1]}" class="mail-body">{without_comments}</div></template>'
    )


@pytest.mark.parametrize(
    ("width", "answer"), [(DESK, "max-width:0px"), (479, "min-width:0px"), (PHONE, "min-width:0px")]
)
def test_what_is_asked_of_the_window_is_answered_for_the_width(width: int, answer: str) -> None:
    style = "<style>@media only screen and (max-width: 479px) { h1 { font-size:26px } }</style>"

    inside = shown("<h1>News</h1>", style, width)

    assert f"@media only all and ({answer}) {{ h1 {{ font-size:26px }} }}" in inside


def test_what_is_asked_by_a_whole_sheet_of_styles_is_answered_as_well() -> None:
    style = '<style media="screen and (min-width:480px)">p { width:50% }</style>'

    assert '<style media="all and (min-width:0px)">' in shown("<p>News</p>", style, DESK)
    assert '<style media="all and (max-width:0px)">' in shown("<p>News</p>", style, PHONE)


def test_it_is_day_on_every_machine() -> None:
    style = "<style>@media (prefers-color-scheme:dark) { p { color:#fff } }</style>"

    assert "@media (max-width:0px) { p" in shown("<p>News</p>", style)


def test_styles_of_the_body_hold_for_what_stands_for_it() -> None:
    inside = shown("<p>News</p>", "<style>body, .body, tbody, #body a { margin:0 }</style>")

    assert "<style>.mail-body, .body, tbody, #body a { margin:0 }</style>" in inside


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<iframe src="https://example.net/"></iframe>',
        '<meta http-equiv="refresh" content="0;https://example.net/">',
        '<object data="x"><embed src="x"></object>',
        '<link rel="stylesheet" href="https://example.net/">',
        '<base href="https://example.net/">',
        "<!-- a comment -->",
        "<template></template>",
        "</template>",
    ],
)
def test_what_could_do_anything_is_left_out_and_the_words_around_it_stay(hostile: str) -> None:
    inside = shown(f"<p>Before {hostile}after</p>{hostile}<p>Below</p>")

    assert re.sub(r"\s+", " ", inside.partition('class="mail-body">')[2]) in (
        "<p>Before after</p><p>Below</p></div></template>",
        # The parser ends a paragraph before a frame.
        "<p>Before </p>after<p>Below</p></div></template>",
    )


def test_pictures_are_in_it_and_one_that_is_not_there_is_left_to_its_words() -> None:
    address = "https://news.example.org/media"
    body = f'<img src="{address}/a.png" alt="A"><img src="{address}/b.png" alt="B">'

    inside = str(rendering(f"<html><body>{body}</body></html>", DESK, {"a.png": b"pixels"}.get))

    assert '<img src="data:image/png;base64,cGl4ZWxz" alt="A"><img alt="B">' in inside


def test_links_open_beside_the_page_but_those_inside_the_mail() -> None:
    inside = shown('<a href="https://example.org/">Out</a><a href="#below">Down</a><a>None</a>')

    assert (
        '<a href="https://example.org/" target="_blank" rel="noopener noreferrer">Out</a>'
        '<a href="#below">Down</a><a>None</a>'
    ) in inside


def test_letters_that_mean_something_to_html_stay_letters() -> None:
    assert "<p>1 &lt; 2 &amp; “tŷ”</p>" in shown("<p>1 &lt; 2 &amp; “tŷ”</p>")
