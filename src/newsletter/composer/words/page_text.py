"""A page's text in Markdown: CommonMark without HTML, code and pictures, and with
`[words]{lang=cy}`.

What stands in [square brackets] and is no link is a place that somebody has still to fill in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from newsletter.composer.words.phrases import read_phrases

_PLACE = re.compile(r"(\[[^\[\]]+\])")
_TOP, _LOWEST = 2, 6
_LINKABLE = re.compile(r"https?://|mailto:|tel:|/(?!/)|#", re.IGNORECASE)
_OFF = ("code", "fence", "html_block", "reference", "backticks", "html_inline", "image")


@dataclass(frozen=True, slots=True)
class PageText:
    """A text as HTML, and its places that are not filled in, with their brackets, in order."""

    html: Markup
    places: tuple[str, ...]


def read_page_text(source: str) -> PageText:
    """The text for a page that has an h1 of its own: its highest headings become h2.

    A link leads to http, https, mailto, tel or within the site; any other is left as it was typed.
    Places that are not filled in stand in `mark`.
    """
    tokens = _markdown().parse(source)
    _settle_headings(tokens)
    places: list[str] = []
    for token in tokens:
        if token.children:
            token.children = list(_with_places(token.children, places))
    html = _markdown().renderer.render(tokens, _markdown().options, {})
    # Safe: HTML in the source is text here, and every address was looked at.
    return PageText(Markup(html.strip()), tuple(places))  # noqa: S704


def _settle_headings(tokens: Sequence[Token]) -> None:
    headings = [one for one in tokens if one.type in ("heading_open", "heading_close")]
    highest = min((int(one.tag[1]) for one in headings), default=_TOP)
    for one in headings:
        one.tag = f"h{min(int(one.tag[1]) - highest + _TOP, _LOWEST)}"


def _with_places(children: Sequence[Token], places: list[str]) -> Iterator[Token]:
    for child in children:
        if child.type != "text":
            yield child
            continue
        for part in filter(None, _PLACE.split(child.content)):
            is_place = _PLACE.fullmatch(part) is not None
            words = Token("text", "", 0, content=part)
            yield from _marked(words) if is_place else (words,)
            places.extend([part] if is_place else [])


def _marked(words: Token) -> tuple[Token, Token, Token]:
    return Token("mark_open", "mark", 1), words, Token("mark_close", "mark", -1)


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    markdown.disable(_OFF)
    read_phrases(markdown)
    markdown.validateLink = _may_be_linked  # type: ignore[method-assign]  # its documented hook
    return markdown


def _may_be_linked(url: str) -> bool:
    return _LINKABLE.match(url) is not None
