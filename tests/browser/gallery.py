"""Pictures of every kind of section in every design, language, width and scheme: `make gallery`.

They are for people to look at; nothing is compared. Beside the samples stands the example bulletin
in its own brand.
"""

from __future__ import annotations

import html
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from playwright.sync_api import Page

from newsletter.app.composing import compile_content, read_edition_file
from newsletter.app.workshop import open_workshop
from newsletter.resources import examples_folder
from tests.browser.chromium import Chromium, Screen, chromium_file
from tests.browser.sample_mails import READER, SampleMail, sample_mails
from tests.builders import filled

FOLDER = Path(__file__).parents[2] / "build" / "gallery"
SCREENS = tuple(Screen(width, scheme) for scheme in ("light", "dark") for width in (800, 375))

_EXAMPLE = examples_folder() / "editions" / "2026-10" / "edition.yaml"
_COMPOSED_AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gallery</title>
<style>
body { margin: 0 auto; padding: 24px; max-width: 1280px; font: 16px/1.5 Arial, sans-serif; }
div { display: flex; flex-wrap: wrap; gap: 24px; align-items: flex-start; }
figure { margin: 0; }
img { display: block; height: 480px; width: 280px; object-fit: cover; object-position: top; }
img { border: 1px solid #b6c0cc; }
</style>
</head>
<body>
<h1>Gallery</h1>
"""


def example_mails() -> Iterator[SampleMail]:
    """The example bulletin in each of its languages."""
    workshop = open_workshop(examples_folder() / "newsletter.toml", _EXAMPLE)
    read = read_edition_file(workshop, _EXAMPLE)
    compiled = compile_content(workshop, read.content, read.images, _COMPOSED_AT)
    media = {f"{workshop.settings.media_url}/{one.name}": one.content for one in compiled.media}
    for language, mail in compiled.languages.items():
        html = filled(mail.html, email=READER)
        yield SampleMail("example", language, workshop.brand, html, media)


def photograph(chromium: Chromium, mails: Sequence[SampleMail], folder: Path) -> None:
    """Writes a picture of each mail on each screen, and a page that shows them all."""
    folder.mkdir(parents=True, exist_ok=True)
    for earlier in folder.glob("*.png"):
        earlier.unlink()
    for mail in mails:
        for screen in SCREENS:
            taken = partial(_picture, folder / _file_name(mail, screen))
            chromium.mail(mail, screen, taken)
    (folder / "index.html").write_text(_index(mails), encoding="utf-8")


def _picture(file: Path, page: Page) -> None:
    page.screenshot(path=file, full_page=True)


def _file_name(mail: SampleMail, screen: Screen) -> str:
    return f"{mail.name}-{screen}.png"


def _index(mails: Sequence[SampleMail]) -> str:
    return _HEAD + "".join(_row(mail) for mail in mails) + "</body>\n</html>\n"


def _row(mail: SampleMail) -> str:
    name = html.escape(mail.name)
    figures = (
        f'<figure><a href="{_file_name(mail, screen)}"><img src="{_file_name(mail, screen)}"'
        f' alt="{name}, {screen.width} pixels wide, {screen.scheme}" loading="lazy"></a>'
        f"<figcaption>{screen.width} pixels, {screen.scheme}</figcaption></figure>\n"
        for screen in SCREENS
    )
    return f"<h2>{name}</h2>\n<div>\n{''.join(figures)}</div>\n"


def main() -> None:
    """Takes the pictures, and says where they are."""
    executable = chromium_file()
    if executable is None:
        sys.exit("chromium is not installed: apt-get install chromium fonts-liberation")
    with Chromium(executable) as chromium:
        photograph(chromium, [*sample_mails(), *example_mails()], FOLDER)
    print(f"Look at {FOLDER / 'index.html'}")  # noqa: T201 - what the command is for


if __name__ == "__main__":
    main()
