"""Rich text: a subset of CommonMark, read once and rendered twice, as HTML and as plain text.

Paragraphs, headings (h3, h4), lists, links, strong, emphasis, quotations, rules and line breaks,
plus `[words]{lang=cy}` for a phrase in another language. HTML and code are not part of it: what
looks like them stays text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from newsletter.composer.words.merge_values import MARK, Marks, mark_values
from newsletter.composer.words.phrases import read_phrases
from newsletter.composer.words.plain_text import rich_text_as_plain
from newsletter.composer.words.problems import LinkProblem, MergeFault, MergeProblem, Report
from newsletter.composer.words.words import Written, keep_addresses_out
from newsletter.domain.compiled import ADDRESS_SLOTS, Slot

_LINKABLE = re.compile(rf"(?:https?://|mailto:|tel:)\S|{MARK.pattern}\Z", re.IGNORECASE)
_OFF = (
    "code",
    "fence",
    "html_block",
    "lheading",  # a rule typed right under a paragraph must not turn it into a heading
    "reference",
    "backticks",
    "html_inline",
    "image",
)
_ALLOWED_TAGS = {
    "p",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "blockquote",
    "br",
    "hr",
} | {"span"}
_ALLOWED_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "span": {"lang"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


def read_rich_text(source: str, marks: Marks, report: Report) -> Written:
    """Markdown as clean HTML and as plain text of 72 columns.

    The HTML holds nothing outside a short list of tags (X4), and no link but http, https, mailto,
    tel and our own addresses.
    """
    text = mark_values(source, marks, report, escape="\\")
    read = _read(_Task(text, marks.slots_in(text), marks))
    for problem in read.problems:
        report(problem)
    return read.written


@dataclass(frozen=True, slots=True)
class _Task:
    """A text to be read, and the slots that its marks stand for, in order."""

    text: str
    slots: tuple[Slot, ...]
    marks: Marks = field(compare=False)


@dataclass(frozen=True, slots=True)
class _Read:
    """A text that was read, and what is wrong with it."""

    written: Written
    problems: tuple[MergeProblem | LinkProblem, ...]


@lru_cache(maxsize=512)
def _read(task: _Task) -> _Read:
    """A text means the same in whatever edition, so that of an edition that is composed again, as
    it is with every key pressed, only the words that changed are read anew."""
    problems: list[MergeProblem | LinkProblem] = []
    tokens = _markdown().parse(task.text)
    for token in tokens:
        _settle(token, task.marks, problems.append)
    html = _markdown().renderer.render(tokens, _markdown().options, {})
    # Safe: the cleaner leaves only what is on its lists.
    clean = Markup(_cleaner().clean(html).strip())  # noqa: S704
    return _Read(Written(clean, rich_text_as_plain(tokens), tokens), tuple(problems))


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_ALLOWED_TAGS,
        attributes=_ALLOWED_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )


def may_be_linked(url: str) -> bool:
    """Whether `url` may stand in a link: http, https, mailto, tel, or the mark of an address."""
    return _LINKABLE.match(url) is not None


def _settle(token: Token, marks: Marks, report: Report) -> None:
    """Give headings their place under the section's own, and mend what Markdown cannot judge."""
    if token.type in ("heading_open", "heading_close"):
        token.tag = "h3" if token.tag in ("h1", "h2", "h3") else "h4"
    opened: list[bool] = []
    for child in token.children or ():
        if child.type == "text":
            child.content = keep_addresses_out(child.content, marks, report)
        elif child.type == "softbreak":
            # A space: MJML drops a line break that stands alone between two elements.
            child.type, child.content = "text", " "
        elif child.type == "link_open":
            opened.append(_settle_link(child, marks, report))
        elif child.type == "link_close" and not opened.pop():
            _unlink(child)


def _settle_link(link: Token, marks: Marks, report: Report) -> bool:
    """Keep the link when its address may be linked to, else report it and keep its words only."""
    href = str(link.attrGet("href") or "")
    slots = marks.slots_in(href)
    if slots and (href != marks.mark(slots[0]) or slots[0].name not in ADDRESS_SLOTS):
        for slot in slots:
            report(MergeProblem(MergeFault.IN_URL, f"{{{slot.name}}}"))
    elif may_be_linked(href):
        return True
    else:
        report(LinkProblem(href))
    _unlink(link)
    return False


def _unlink(token: Token) -> None:
    token.type, token.content, token.attrs = "text", "", {}


@cache
def _markdown() -> MarkdownIt:
    # maxNesting bounds the depth of what reaches MJML, whose parser overflows on deep nesting.
    markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    markdown.disable(_OFF)
    read_phrases(markdown)
    # Every address makes a link here; _settle_link reports those that may not, and takes them out.
    markdown.validateLink = _any_address  # type: ignore[method-assign]  # its documented hook
    return markdown


def _any_address(url: str) -> bool:
    return True
