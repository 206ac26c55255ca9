"""The example bulletin composes whole: no paragraph, list item or figure is lost on the way.

What should be there is counted from the file by other means than the composer's own: PyYAML, and
the blank lines and list marks that an author sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import lxml.html
import pytest
import yaml

from newsletter.app.composing import compose_file
from newsletter.app.workshop import open_workshop
from newsletter.resources import examples_folder
from tests.workspaces import Clock

EDITION = examples_folder() / "editions" / "2026-10" / "edition.yaml"
_FIGURE = re.compile(r"£?\d[\d,.:–-]*\d%?|\d%?")
_LIST_ITEM = re.compile(r"^(?:- |\d+\. )")
_MARKUP = re.compile(r"\*\*|\{lang=\w+\}")
_LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\))?")
_SHOWN_OTHERWISE = {"kind", "src", "url", "start", "end"}
"""Keys whose values readers do not see as they are written."""


@pytest.fixture(scope="module", params=["en", "cy"])
def composed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, str, str]:
    """A language, and the visible words of its HTML and of its text."""
    language = request.param
    out = tmp_path_factory.mktemp("composed")
    composition = compose_file(
        open_workshop(EDITION.parents[2] / "newsletter.toml", EDITION),
        EDITION,
        language=language,
        out=out,
        now=Clock()(),
    )
    assert composition.compiled.findings == ()
    page = lxml.html.fromstring((out / f"{language}.html").read_bytes())
    text = (out / f"{language}.txt").read_text(encoding="utf-8")
    text = re.sub(r"\s*\(https://[^)]*\)", "", text)  # a link's address stands behind its words
    text = re.sub(r"^> ", "", text, flags=re.MULTILINE)
    return language, _squeezed(" ".join(page.find("body").itertext())), _squeezed(text)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s*]+", "", text)


def _sections() -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = yaml.safe_load(EDITION.read_text(encoding="utf-8"))["sections"]
    return sections


def _words(value: object, language: str) -> Iterator[str]:
    """Every text of a section in one language, block by block."""
    if isinstance(value, dict):
        chosen = value.get(language)
        shown = [inner for key, inner in value.items() if key not in _SHOWN_OTHERWISE]
        for inner in [chosen] if chosen else shown:
            yield from _words(inner, language)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner, language)
    elif isinstance(value, str):
        yield from _blocks(value)


def _blocks(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        for line in paragraph.splitlines():
            plain = _LINK.sub(r"\1", _MARKUP.sub("", _LIST_ITEM.sub("", line)))
            plain = re.sub(r"\{\w+\|([^}]*)\}", r"\1", plain).strip()
            if plain:
                yield plain


def test_no_paragraph_or_list_item_is_lost(composed: tuple[str, str, str]) -> None:
    language, html, text = composed
    blocks = [block for section in _sections() for block in _words(section, language)]

    assert len(blocks) > 80
    pictures = {section["image"]["alt"][language] for section in _sections() if "image" in section}
    for block in blocks:
        assert _squeezed(block) in text, block
        if block not in pictures:
            assert _squeezed(block) in html, block


def test_no_figure_is_lost(composed: tuple[str, str, str]) -> None:
    language, html, text = composed
    words = " ".join(block for section in _sections() for block in _words(section, language))
    figures = set(_FIGURE.findall(words))

    assert {"1,284", "18.6%", "£182,000"} <= figures
    for figure in figures:
        assert figure in html, figure
        assert figure in text, figure


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> lxml.html.HtmlElement:
    """The English page."""
    out = tmp_path_factory.mktemp("page")
    workshop = open_workshop(EDITION.parents[2] / "newsletter.toml", EDITION)
    compose_file(workshop, EDITION, language="en", out=out, now=Clock()())
    return lxml.html.fromstring((out / "en.html").read_bytes())


def test_lists_are_lists(page: lxml.html.HtmlElement) -> None:
    bodies = [section["body"]["en"] for section in _sections() if "body" in section]
    written = [line for body in bodies for line in body.splitlines() if _LIST_ITEM.match(line)]

    assert len(page.xpath("//li[not(a[starts-with(@href, '#')])]")) == len(written) > 15
    assert len(page.xpath("//ol")) == 1


def test_every_section_has_its_heading(page: lxml.html.HtmlElement) -> None:
    assert len(page.xpath("//h1")) == 1
    assert len(page.xpath("//h2")) == 9


def test_the_contents_lead_to_the_other_sections(page: lxml.html.HtmlElement) -> None:
    headings = {heading.get("id"): heading.text_content() for heading in page.xpath("//h2")}
    entries = {
        link.get("href").removeprefix("#"): link.text_content()
        for link in page.xpath("//li/a[starts-with(@href, '#')]")
    }

    assert len(entries) == 8
    assert entries.items() < headings.items()
