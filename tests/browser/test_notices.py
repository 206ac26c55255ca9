"""Every kind of notice in every design and language, as a browser shows it."""

from __future__ import annotations

from typing import Any

import pytest

from newsletter.domain.notices import NoticeKind
from tests.browser.axe import violations
from tests.browser.chromium import Chromium, Screen, evaluated
from tests.browser.sample_mails import DESIGNS, LANGUAGES, SampleMail, brand_in
from tests.sample_notice_contents import composed_notice

SCREENS = [Screen(width, scheme) for width in (800, 375) for scheme in ("light", "dark")]
WITH_BUTTON = [kind for kind in NoticeKind if kind is not NoticeKind.ADDRESS_CHANGED]
_BUTTON = """() => {
    const box = document.querySelector('.button a').getBoundingClientRect();
    return [box.width, box.height];
}"""


def notice(kind: NoticeKind, design: str, language: str) -> SampleMail:
    brand = brand_in(design)
    composed, media = composed_notice(brand, kind, language)
    return SampleMail(design, language, brand, composed.html, media)


@pytest.fixture(
    scope="module",  # all questions about one notice behind each other: it is opened once
    params=[(kind, language) for kind in NoticeKind for language in LANGUAGES],
    ids="-".join,
)
def mail(request: pytest.FixtureRequest) -> SampleMail:
    kind, language = request.param
    # Every design looks alike at every kind: each stands for some of them.
    design = DESIGNS[list(NoticeKind).index(kind) % len(DESIGNS)]
    return notice(kind, design, language)


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_axe_finds_nothing(chromium: Chromium, mail: SampleMail, screen: Screen) -> None:
    """WCAG 2.2, A and AA; H1-H11."""
    assert chromium.mail(mail, screen, violations) == []


@pytest.mark.parametrize("width", [800, 375, 320])
def test_nothing_has_to_be_scrolled_sideways(
    chromium: Chromium, mail: SampleMail, width: int
) -> None:
    """H11; WCAG 1.4.10: not even for the address of the link, which is one long word."""
    wide = chromium.mail(
        mail, Screen(width, "light"), evaluated("document.documentElement.scrollWidth")
    )

    assert wide == width
    assert chromium.refused == []
    assert chromium.said == []


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("kind", WITH_BUTTON)
def test_the_button_can_be_hit_by_a_thumb(
    chromium: Chromium, kind: NoticeKind, design: str
) -> None:
    """WCAG 2.5.5: 44 pixels."""
    size: Any = chromium.mail(notice(kind, design, "cy"), Screen(375, "light"), evaluated(_BUTTON))

    assert min(size) >= 44
