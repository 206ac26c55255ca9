"""The exported archive, opened from disk: whole, readable by everybody, and asking nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from newsletter.app.sending import Sender
from newsletter.cli.main import run
from tests.browser.axe import violations
from tests.browser.chromium import Chromium, Screen, evaluated
from tests.workspaces import SHORT, TOPIC, a_workspace, ready_to_send

SCREENS = [Screen(width, scheme) for width in (1280, 320) for scheme in ("light", "dark")]
DESK = Screen(1280, "light")
EDITION = f"cy/archive/{TOPIC}/{SHORT}/index.html"
PAGES = ["index.html", "en/index.html", "cy/archive/index.html", EDITION]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    with a_workspace(folder / "workspace") as workspace:
        ready_to_send(workspace)
        Sender(workspace, "test").run(SHORT)
        config = workspace.settings.path("newsletter.toml")
    assert run(["archive", "export", str(folder / "public"), "--config", str(config)]) == 0
    return folder / "public"


@pytest.mark.parametrize("screen", SCREENS, ids=str)
@pytest.mark.parametrize("name", [*PAGES, f"en/archive/{TOPIC}/index.html"])
def test_axe_finds_nothing(chromium: Chromium, archive: Path, name: str, screen: Screen) -> None:
    assert chromium.file(archive / name, screen, violations) == []


@pytest.mark.parametrize("screen", SCREENS, ids=str)
@pytest.mark.parametrize("name", PAGES)
def test_no_page_need_be_scrolled_sideways(
    chromium: Chromium, archive: Path, name: str, screen: Screen
) -> None:
    wide = chromium.file(archive / name, screen, evaluated("document.documentElement.scrollWidth"))

    assert wide == screen.width


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_its_looks_and_pictures_and_asks_nobody_else(
    chromium: Chromium, archive: Path, name: str
) -> None:
    file = archive / name
    pictures = chromium.file(
        file, DESK, evaluated("[...document.images].map((one) => one.naturalWidth > 0)")
    )
    ground = chromium.file(file, DESK, evaluated("getComputedStyle(document.body).backgroundColor"))

    assert pictures
    assert set(pictures) == {True}
    assert ground != "rgba(0, 0, 0, 0)"
    assert chromium.refused == []
    assert chromium.said == []


def test_a_reader_finds_an_edition_and_the_way_back_without_a_server(
    chromium: Chromium, archive: Path
) -> None:
    def walk(page: Page) -> tuple[str, str, str]:
        page.get_by_role("link", name="Darllenwch ein rhifynnau blaenorol").click()
        page.get_by_role("link", name="Bwletin Tachwedd").click()
        edition = page.url
        page.get_by_role("navigation").get_by_role("link", name="English").click()
        twin = page.locator("html").get_attribute("lang") or ""
        page.get_by_role("link", name="All editions").click()
        return edition, twin, page.locator("h1").inner_text()

    edition, twin, heading = chromium.file(archive / "index.html", DESK, walk)

    assert edition == (archive / EDITION).as_uri()
    assert twin == "en"
    assert heading == "Monthly bulletin"
