"""Every kind of section in every design and language, as a browser shows it.

Beside what axe-core finds: that it fits narrow screens, wears the brand's colours by day and by
night, and asks nobody for anything but its own pictures.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from newsletter.domain.compiled import STACKED
from tests.browser.axe import violations
from tests.browser.chromium import Chromium, Screen, evaluated
from tests.browser.sample_mails import (
    DESIGNS,
    LANGUAGES,
    SampleMail,
    hard_words,
    sample_mail,
    sample_mail_of,
)

DESK, PHONE = Screen(800, "light"), Screen(375, "light")
SCREENS = [Screen(width, scheme) for width in (800, 375) for scheme in ("light", "dark")]

_COLOURS = """() => {
    const style = (selector) => getComputedStyle(document.querySelector(selector));
    return {
        page: style('.page').backgroundColor,
        surface: style('.block').backgroundColor,
        heading: style('.block h2').color,
        text: style('.block p').color,
        link: style('.block li a').color,
        band: style('.band').backgroundColor,
        band_text: style('h1').color,
        muted: style('.edge p:not(.language)').color,
        button: style('.button a').backgroundColor,
        button_text: style('.button a').color,
        tint: style('.panel > table > tbody > tr > td').backgroundColor,
    };
}"""
_CARDS = """() => {
    const cards = [...document.querySelectorAll('.cell')].filter((one) => one.querySelector('h3'));
    return cards.slice(0, 2).map((one) => {
        const box = one.getBoundingClientRect();
        return {left: box.left, top: box.top, right: box.right, bottom: box.bottom};
    });
}"""
_LEFTS = """() => [...document.querySelectorAll('.cell')]
    .filter((one) => one.querySelector('h3'))
    .map((one) => one.getBoundingClientRect().left)"""
_IMAGES = """() => [...document.images].map((image) => ({
    address: image.currentSrc,
    width: image.getAttribute('width'),
    height: image.getAttribute('height'),
    shown: [image.width, image.height],
    own: [image.naturalWidth, image.naturalHeight],
}))"""
_CONTENTS = """() => [...document.querySelectorAll('li a[href^="#"]')].map((link) => [
    link.textContent.trim(), link.getAttribute('href'),
])"""

_TARGET = """() => {
    const target = document.querySelector(':target');
    return [target.textContent.trim(), target.getBoundingClientRect().top];
}"""


@pytest.fixture(
    scope="module",  # all questions about one mail behind each other: it is opened once
    params=[f"{design}-{one}" for design in DESIGNS for one in (*LANGUAGES, STACKED)],
)
def mail(request: pytest.FixtureRequest) -> SampleMail:
    design, _, language = request.param.rpartition("-")
    return sample_mail(design, language)


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_axe_finds_nothing(chromium: Chromium, mail: SampleMail, screen: Screen) -> None:
    """WCAG 2.2, A and AA; H1-H11."""
    assert chromium.mail(mail, screen, violations) == []


def test_nothing_is_fetched_but_its_own_pictures(chromium: Chromium, mail: SampleMail) -> None:
    """H14."""
    chromium.mail(mail, DESK, evaluated("document.images.length"))

    assert chromium.refused == []
    assert chromium.said == []


@pytest.mark.parametrize("width", [800, 375, 320])
def test_nothing_has_to_be_scrolled_sideways(
    chromium: Chromium, mail: SampleMail, width: int
) -> None:
    """H11; WCAG 1.4.10."""
    wide = chromium.mail(
        mail, Screen(width, "light"), evaluated("document.documentElement.scrollWidth")
    )

    assert wide == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_wears_the_colours_of_its_brand(
    chromium: Chromium, mail: SampleMail, scheme: str
) -> None:
    palette = mail.brand.dark if scheme == "dark" else mail.brand.colours

    shown: Any = chromium.mail(mail, Screen(800, scheme), evaluated(_COLOURS))

    assert shown == {role: _rgb(palette[role]) for role in shown}


def test_two_cards_stand_side_by_side_on_a_desk(chromium: Chromium, mail: SampleMail) -> None:
    cards: Any = chromium.mail(mail, DESK, evaluated(_CARDS))

    left, right = cards
    assert left["top"] == right["top"]
    assert left["right"] <= right["left"]


def test_two_cards_stand_one_above_the_other_on_a_phone(
    chromium: Chromium, mail: SampleMail
) -> None:
    cards: Any = chromium.mail(mail, PHONE, evaluated(_CARDS))

    upper, lower = cards
    assert upper["left"] == lower["left"]
    assert upper["bottom"] <= lower["top"]


def test_each_entry_of_the_contents_leads_to_its_heading(
    chromium: Chromium, mail: SampleMail
) -> None:
    def followed(page: Page) -> list[tuple[str, str]]:
        for_each = page.evaluate(_CONTENTS)
        return [(words, _heading_at(page, href)) for words, href in for_each]

    entries = chromium.mail(mail, PHONE, followed)

    assert len(entries) > 8
    assert [words for words, _ in entries] == [heading for _, heading in entries]


def _heading_at(page: Page, href: str) -> str:
    """The words of the heading that a click on the link brings into sight."""
    page.locator(f'li a[href="{href}"]').click()
    words, top = page.evaluate(_TARGET)
    return str(words) if -1 <= top < 900 else f"out of sight at {top}"


def test_images_say_their_size_and_keep_their_proportions(
    chromium: Chromium, mail: SampleMail
) -> None:
    """H16."""
    images: Any = chromium.mail(mail, DESK, evaluated(_IMAGES))

    assert len(images) > 5
    for image in images:
        width, height = image["own"]
        assert [int(image["width"]), int(image["height"])] == image["shown"], image
        assert image["shown"][1] == pytest.approx(image["shown"][0] * height / width, abs=1), image


def _rgb(colour: str) -> str:
    return f"rgb({', '.join(str(value) for value in bytes.fromhex(colour.removeprefix('#')))})"


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("width", [800, 375, 320])
def test_no_word_or_number_is_too_long_for_it(chromium: Chromium, design: str, width: int) -> None:
    """H11: tables of many columns, and the longest name that there is."""
    mail = sample_mail_of(hard_words(), design, "cy")

    wide = chromium.mail(
        mail, Screen(width, "light"), evaluated("document.documentElement.scrollWidth")
    )

    assert wide == width


@pytest.mark.parametrize("design", DESIGNS)
def test_large_numbers_stay_whole(chromium: Chromium, design: str) -> None:
    mail = sample_mail_of(hard_words(), design, "cy")

    heights: Any = chromium.mail(
        mail, DESK, evaluated("[...document.querySelectorAll('.figure')].map(e => e.offsetHeight)")
    )

    assert len(set(heights)) == 1


@pytest.mark.parametrize("design", DESIGNS)
def test_a_third_card_stands_below_the_first(chromium: Chromium, design: str) -> None:
    mail = sample_mail_of(hard_words(), design, "cy")

    lefts: Any = chromium.mail(mail, DESK, evaluated(_LEFTS))

    first, _, third = lefts
    assert first == third
