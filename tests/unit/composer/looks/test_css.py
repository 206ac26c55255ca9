"""Styles as they are written, and what they come to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.composer.looks.css import Declared, read_declarations, read_sheet
from newsletter.composer.looks.selectors import Spot, read_selector
from newsletter.composer.looks.values import colour_on, pixels

PAGE = Spot("html", frozenset(), None)
BLOCK = Spot("div", frozenset({"block", "wide"}), PAGE)
CELL = Spot("td", frozenset(), BLOCK)
LINK = Spot("a", frozenset({"quiet"}), CELL)


@pytest.mark.parametrize(
    ("style", "name", "value"),
    [
        ("COLOR : Red", "color", "red"),
        ("color:red;;margin:0", "margin", "0"),
        ("*zoom:1;color:red", "color", "red"),
        ("background:#FFF url(a.png) no-repeat", "background-color", "#fff"),
        ("background:url('A.png')", "background-image", "url(a.png)"),
        ("background-color:red;background:none", "background-color", "transparent"),
        ("background:var(--a)", "background-color", "var(--a)"),
    ],
)
def test_a_style_says_what_each_property_is(style: str, name: str, value: str) -> None:
    assert read_declarations(style)[name].value.replace('"', "") == value


def test_what_is_important_stays_whatever_comes_after_it() -> None:
    style = read_declarations("color:red !important;color:blue")

    assert style["color"] == Declared("red", important=True)


def test_a_sheet_has_a_rule_for_each_selector_with_its_condition() -> None:
    css = "h1, .a > P { color:red } @media (prefers-color-scheme: dark) { a { color:blue } }"

    rules = [(rule.media, rule.selector) for rule in read_sheet(css).rules]

    assert rules == [("", "h1"), ("", ".a > p"), ("(prefers-color-scheme: dark)", "a")]


@pytest.mark.parametrize(
    ("selector", "fits"),
    [
        ("a", True),
        (".quiet", True),
        ("a.quiet", True),
        ("a.loud", False),
        ("*", True),
        ("td a", True),
        ("div a", True),
        ("div > a", False),
        ("td>a", True),
        (".block.wide a", True),
        (".block .wide a", False),
        (":root a", True),
        (".block > td > a", True),
        ("html > td a", False),
        ("div a td a", False),
    ],
)
def test_a_selector_fits_an_element_by_what_it_stands_in(selector: str, fits: bool) -> None:
    read = read_selector(selector)

    assert read is not None
    assert read.fits(LINK) is fits


@pytest.mark.parametrize("selector", ["a:hover", "[data-ogsc] a", "a + b", "#outlook a", "", ">"])
def test_other_selectors_are_not_read(selector: str) -> None:
    assert read_selector(selector) is None


@pytest.mark.parametrize(
    ("selector", "key", "specificity"),
    [("div a", "a", (0, 2)), (".b a.quiet", ".quiet", (2, 1)), ("*", "", (0, 0))],
)
def test_a_selector_says_how_specific_it_is(
    selector: str, key: str, specificity: tuple[int, int]
) -> None:
    read = read_selector(selector)

    assert read is not None
    assert (read.key, read.specificity) == (key, specificity)


@pytest.mark.parametrize(
    ("value", "ground", "colour"),
    [
        ("red", None, "#ff0000"),
        ("#abc", None, "#aabbcc"),
        ("hsl(120, 100%, 50%)", None, "#00ff00"),
        ("rgba(0, 0, 0, .5)", "#ffffff", "#808080"),
        ("rgba(0, 0, 0, .5)", None, None),
        ("currentcolor", "#ffffff", None),
        ("var(--a)", "#ffffff", None),
        ("color(display-p3 1 0 0)", "#ffffff", None),
    ],
)
def test_a_colour_comes_to_what_it_is_on_its_ground(
    value: str, ground: str | None, colour: str | None
) -> None:
    assert colour_on(value, ground) == colour


@pytest.mark.parametrize(
    ("value", "length"),
    [("0", 0), ("12px", 12), ("1.5em", 30), ("50%", 10), ("1rem", 16), ("12pt", 16), ("a", None)],
)
def test_a_length_is_in_pixels(value: str, length: float | None) -> None:
    assert pixels(value, 20.0) == length


@given(st.text(alphabet="a:;{}()@#.,> !important'\"\\/*0123456789-%url", max_size=60))
def test_any_text_can_be_read_as_styles(text: str) -> None:
    read_declarations(text)
    read_selector(text)
    colour_on(text, "#ffffff")
    pixels(text, 16.0)
    for rule in read_sheet(text).rules:
        read_selector(rule.selector)
