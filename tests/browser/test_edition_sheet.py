"""The sheet of an edition, opened from disk and printed: whole, readable, and asking nobody."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page

from newsletter.app import approving
from newsletter.app.editing import import_edition
from newsletter.app.edition_sheet.sheet import write_sheet
from tests.browser.axe import violations
from tests.browser.chromium import Chromium, Screen, evaluated
from tests.workspaces import SHORT, a_workspace, edition_file, import_people

SCREENS = [Screen(width, scheme) for width in (1280, 320) for scheme in ("light", "dark")]
DESK, DARK_DESK = Screen(1280, "light"), Screen(1280, "dark")

_RENDERINGS = """() => [...document.querySelectorAll('.rendering')].map((one) => ({
    width: one.clientWidth,
    heading: getComputedStyle(one.shadowRoot.querySelector('h1')).fontSize,
    ground: getComputedStyle(one.shadowRoot.querySelector('.page')).backgroundColor,
    family: getComputedStyle(one.shadowRoot.querySelector('.mail-body')).fontFamily,
    pictures: [...one.shadowRoot.querySelectorAll('img')].map((image) => image.naturalWidth > 0),
    cut: one.shadowRoot.querySelector('.mail-body').scrollHeight - one.clientHeight,
}))"""
_FOCUSABLE_IN_PHONES = """() => [...document.querySelectorAll('.rendering[inert]')].flatMap(
    (one) => [...one.shadowRoot.querySelectorAll('a[href]')].filter(
        (link) => { link.focus(); return one.shadowRoot.activeElement === link; })).length"""

_UNBREAKABLE = """() => [...document.querySelectorAll('.window, .rendering')].flatMap((one) =>
    [one, ...(one.shadowRoot ?? one).querySelectorAll('*')]).filter((element) => {
        const style = getComputedStyle(element);
        return element.offsetHeight > 500
            && (style.display === 'inline-block' || !['visible', 'clip'].includes(style.overflowY));
    }).map((element) => element.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module", params=["draft", "approved"])
def sheet(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sheet of a draft with findings, in English, and of an approved edition, in Welsh."""
    with a_workspace(tmp_path_factory.mktemp("sheets") / "workspace") as workspace:
        import_people(workspace)
        file = edition_file(workspace, SHORT)
        if request.param == "draft":
            text = file.read_text(encoding="utf-8")
            file.write_text(
                text.replace("Over to you", "TBC", 1).replace("https", "http", 1), "utf-8"
            )
        import_edition(workspace, file, actor="test")
        if request.param == "draft":
            return write_sheet(workspace, SHORT).file
        approving.approve(workspace, SHORT, actor="Elin", reason="Read in both languages")
        return write_sheet(workspace, SHORT, language="cy").file


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_axe_finds_nothing(chromium: Chromium, sheet: Path, screen: Screen) -> None:
    assert chromium.file(sheet, screen, violations) == []


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_the_page_need_not_be_scrolled_sideways(
    chromium: Chromium, sheet: Path, screen: Screen
) -> None:
    wide = chromium.file(sheet, screen, evaluated("document.documentElement.scrollWidth"))

    assert wide == screen.width


@pytest.mark.parametrize("screen", [DESK, DARK_DESK], ids=str)
def test_every_mail_is_shown_whole_at_its_width_by_day_with_its_pictures(
    chromium: Chromium, sheet: Path, screen: Screen
) -> None:
    shown = chromium.file(sheet, screen, evaluated(_RENDERINGS))

    assert isinstance(shown, list)
    assert [(one["width"], one["heading"]) for one in shown] == [
        (700, "30px"),
        (375, "26px"),
    ] * 2
    for one in shown:
        assert one["ground"] == "rgb(233, 240, 239)"
        assert "system-ui" not in one["family"]
        assert len(one["pictures"]) >= 2
        assert all(one["pictures"])
        assert one["cut"] <= 0


def test_the_copy_on_a_phone_is_passed_over_by_keyboards(chromium: Chromium, sheet: Path) -> None:
    """It says what stands beside it once more."""
    assert chromium.file(sheet, DESK, evaluated(_FOCUSABLE_IN_PHONES)) == 0


def test_nothing_is_asked_of_anybody_and_nothing_goes_wrong(
    chromium: Chromium, sheet: Path
) -> None:
    chromium.file(sheet, DESK, evaluated("document.title"))

    assert chromium.refused == []
    assert chromium.said == []


def test_paper_is_used_sparingly_and_every_language_begins_a_page(
    chromium: Chromium, sheet: Path, tmp_path: Path
) -> None:
    printed = chromium.file(sheet, DESK, partial(_print, tmp_path / "sheet.pdf"))

    assert 12 <= printed.count(b"/Type /Page\n") <= 20


def test_a_page_may_break_every_long_part_of_a_mail(chromium: Chromium, sheet: Path) -> None:
    """What stands in a line, or scrolls, would be moved to the next page whole, or cut off."""
    assert chromium.file(sheet, DESK, _unbreakable_in_print) == []


def _print(file: Path, page: Page) -> bytes:
    page.pdf(path=file, prefer_css_page_size=True)
    return file.read_bytes()


def _unbreakable_in_print(page: Page) -> object:
    page.emulate_media(media="print")
    found: object = page.evaluate(_UNBREAKABLE)
    page.emulate_media(media="null")
    return found
