"""The contact sheet, opened from disk: it shows everything, says everything, and asks nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from newsletter.app.composing import compose_file
from newsletter.app.workshop import open_workshop
from newsletter.resources import examples_folder
from tests.browser.axe import violations
from tests.browser.chromium import Chromium, Screen, evaluated
from tests.workspaces import Clock

EDITION = examples_folder() / "editions" / "2026-10" / "edition.yaml"
SCREENS = [Screen(width, scheme) for width in (1280, 320) for scheme in ("light", "dark")]
DESK, DARK_DESK = Screen(1280, "light"), Screen(1280, "dark")

_FRAME = """() => ({
    width: innerWidth,
    height: document.body.scrollHeight,
    ground: getComputedStyle(document.querySelector('.page')).backgroundColor,
    pictures: [...document.images].map((image) => image.naturalWidth > 0),
})"""


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sheet")
    workshop = open_workshop(EDITION.parents[2] / "newsletter.toml", EDITION)
    composition = compose_file(workshop, EDITION, language=None, out=out, now=Clock()())
    assert composition.sheet is not None
    return composition.sheet


def frames(page: Page) -> list[dict[str, Any]]:
    """What each frame shows, with the name of its file."""
    inner = [one for one in page.frames if one is not page.main_frame]
    return [one.evaluate(_FRAME) | {"file": one.url.rpartition("/")[2]} for one in inner]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_axe_finds_nothing(chromium: Chromium, sheet: Path, screen: Screen) -> None:
    assert chromium.file(sheet, screen, violations) == []


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_the_page_need_not_be_scrolled_sideways(
    chromium: Chromium, sheet: Path, screen: Screen
) -> None:
    wide = chromium.file(sheet, screen, evaluated("document.documentElement.scrollWidth"))

    assert wide == screen.width


def test_every_frame_shows_its_mail_with_its_pictures(chromium: Chromium, sheet: Path) -> None:
    shown = chromium.file(sheet, DESK, frames)

    assert [one["width"] for one in shown] == [700, 375] * 6
    for one in shown:
        assert one["height"] > 2000
        assert len(one["pictures"]) >= 2
        assert all(one["pictures"]) is ("no-images" not in one["file"])


@pytest.mark.parametrize("screen", [DESK, DARK_DESK], ids=str)
def test_light_and_dark_are_the_copys_and_not_the_machines(
    chromium: Chromium, sheet: Path, screen: Screen
) -> None:
    shown = chromium.file(sheet, screen, frames)

    grounds = {one["file"]: one["ground"] for one in shown}
    assert len(grounds) == 8
    assert grounds["en.light.html"] == grounds["cy.no-images.html"] == "rgb(233, 240, 239)"
    assert grounds["en.dark.html"] == grounds["cy.dark.html"] == "rgb(18, 23, 29)"


def test_nothing_is_asked_of_anybody_and_nothing_goes_wrong(
    chromium: Chromium, sheet: Path
) -> None:
    chromium.file(sheet, DESK, frames)

    assert chromium.refused == []
    assert chromium.said == []
    assert {one.rpartition("/")[2] for one in chromium.asked_for if one.startswith("file:")} > {
        "index.html",
        "en.light.html",
        "cy.dark.html",
    }
