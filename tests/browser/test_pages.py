"""Every kind of page that readers may see, in a real browser, by day and by night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urljoin

import pytest
from lxml import html as lxml_html
from playwright.sync_api import Page

from newsletter.web.icon import icon
from newsletter.web.stylesheet import stylesheet
from tests.browser.axe import violations
from tests.browser.chromium import MAIL_ADDRESS, Chromium, Screen, evaluated
from tests.every_page import PAGES
from tests.public_pages import a_look

PHONE = Screen(320, "light")
NIGHT = Screen(1280, "dark")
_SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, select, label")]
    .filter((one) => one.type !== "hidden" && !one.closest(".elsewhere, .skip, p, li"))
    .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
    .filter(([, box]) => box.height < 24 || box.width < 24)
    .map(([words]) => words)"""
_LOW_BUTTONS = """() => [...document.querySelectorAll("main form:not(.small) button")]
    .filter((one) => one.getBoundingClientRect().height < 44)
    .map((one) => one.outerHTML)"""
_REACHED = """() => {
    const reached = document.activeElement;
    return [reached.hash, reached.getBoundingClientRect().height > 24];
}"""
_FOCUSED = """() => {
    const style = getComputedStyle(document.activeElement);
    return [style.outlineStyle, style.outlineWidth, style.boxShadow !== "none"];
}"""


@dataclass(frozen=True)
class ShownPage:
    """A page with its stylesheet and its icon."""

    html: str

    @property
    def media(self) -> Mapping[str, bytes]:
        """Both, by their addresses."""
        page = lxml_html.document_fromstring(self.html)
        files = {"stylesheet": _css(), "icon": icon(a_look())}
        return {
            urljoin(MAIL_ADDRESS, link.get("href")): files[link.get("rel")]
            for link in page.xpath("//link[@rel='stylesheet' or @rel='icon']")
        }


@cache
def _css() -> bytes:
    return stylesheet(a_look())


def _elements(html: str) -> frozenset[tuple[str, ...]]:
    body = lxml_html.document_fromstring(html).body
    return frozenset(
        (str(one.tag), *(one.get(name, "") for name in ("class", "type")))
        for one in body.iterdescendants()
    )


def shown(language: str, name: str) -> ShownPage:
    return ShownPage(PAGES[language][name])


def kinds_of(language: str) -> list[str]:
    """A page of every kind: two that are built of the same elements are of one."""
    kinds = {_elements(html): name for name, html in PAGES[language].items()}
    return list(kinds.values())


@pytest.mark.parametrize("name", kinds_of("en"))
def test_a_page_breaks_no_rule_and_fits_the_smallest_screen(chromium: Chromium, name: str) -> None:
    """WCAG 2.2 AA; 1.4.10 for the width, which is also that of 400 % on a common screen; 2.5.8."""

    def question(page: Page) -> list[object]:
        return [
            violations(page),
            page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"),
            page.evaluate(_SMALL_TARGETS),
            page.evaluate(_LOW_BUTTONS),
        ]

    assert chromium.mail(shown("en", name), PHONE, question) == [[], True, [], []]
    assert (chromium.refused, chromium.said) == ([], [])


@pytest.mark.parametrize("name", kinds_of("cy"))
def test_a_page_breaks_no_rule_at_night(chromium: Chromium, name: str) -> None:
    assert chromium.mail(shown("cy", name), NIGHT, violations) == []


def test_the_focus_is_seen_in_two_colours(chromium: Chromium) -> None:
    """WCAG 2.4.7, 2.4.13, 1.4.11."""

    def question(page: Page) -> object:
        for _ in range(4):
            page.keyboard.press("Tab")
        return page.evaluate(_FOCUSED)

    assert chromium.mail(shown("en", "unsubscribe"), PHONE, question) == ["solid", "3px", True]


def test_the_way_past_the_masthead_is_the_first_and_is_seen_when_it_is_reached(
    chromium: Chromium,
) -> None:
    """WCAG 2.4.1."""

    def question(page: Page) -> object:
        page.keyboard.press("Tab")
        return page.evaluate(_REACHED)

    assert chromium.mail(shown("en", "sign up"), PHONE, question) == ["#content", True]


def test_the_fonts_are_the_brands(chromium: Chromium) -> None:
    font = evaluated("getComputedStyle(document.querySelector('h1')).fontFamily")

    assert chromium.mail(shown("en", "home"), PHONE, font) == a_look().heading_fonts
