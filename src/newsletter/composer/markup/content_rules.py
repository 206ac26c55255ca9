"""What may be wrong with what MJML components hold: HTML, styles or words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from newsletter.composer.markup.component_rules import among_html
from newsletter.composer.markup.markup_problem import MarkupCase, Trap
from newsletter.composer.markup.nesting import VOID
from newsletter.composer.markup.open_tags import Found, OpenTags

_ATTRIBUTES = r'(?:\s+[^\s=<>"\'/]+(?:\s*=\s*"[^"]*+")?)*+'
_TAG = re.compile(
    rf"<!--(?:(?!<!--|-->).)*+-->|<(/?)([A-Za-z][\w:-]*+)({_ATTRIBUTES})\s*+(/?)>"
    r"|<([!?A-Za-z][^\s<>]*+)[^<>]*+>|<",
    re.DOTALL,
)
_FORBIDDEN = frozenset(
    {"applet", "audio", "base", "button", "embed", "form", "frame", "iframe", "input", "link"}
    | {"object", "script", "select", "svg", "textarea", "video"}
)
_HANDLER = re.compile(r"\son[a-z]+\s*=", re.IGNORECASE)
_STYLE = re.compile(r"<style\b[^<>]*>(.*?)</style", re.DOTALL | re.IGNORECASE)
_FETCHING = re.compile(r"@import\b|@font-face\b", re.IGNORECASE)
_BRACE = re.compile(r"[{}]")
_MOST_STYLE = 8192


@lru_cache(maxsize=256)
def content_traps(name: str, content: str, depth: int) -> tuple[tuple[int, Trap], ...]:
    """What is wrong with the content of the component `name`, which stands `depth` tags deep."""
    if name == "mj-style":
        return tuple((0, trap) for trap in _of_style(content))
    if name in {"mj-title", "mj-preview"}:
        return tuple((0, trap) for trap in _of_words(name, content))
    return tuple(_of_html(content, depth))


def beginning_trap(text: str) -> Trap | None:
    """What is wrong with a text that begins with what is no tag, such as a document type."""
    found = _TAG.match(text)
    return None if found is None or found[2] else _of_no_tag(found)


def _of_html(html: str, depth: int) -> Found:
    tags = OpenTags(depth)
    for tag in _TAG.finditer(html):
        slash, name, attributes, ended, _ = tag.groups()
        if slash:
            yield from tags.close(name, tag.start())
        elif name:
            if trap := _of_tag(name, attributes):
                yield tag.start(), trap
            if not ended and name.lower() not in VOID:
                yield from tags.open(name, tag.start())
        elif tag[5] or tag[0] == "<":  # but for a comment
            yield tag.start(), _of_no_tag(tag)
    yield from tags.left()
    for style in _STYLE.finditer(html):
        yield from ((style.start(1), trap) for trap in _of_style(style[1]))


def _of_tag(name: str, attributes: str) -> Trap | None:
    if name.lower() in _FORBIDDEN or ("on" in attributes and _HANDLER.search(attributes)):
        return Trap(
            MarkupCase.FORBIDDEN_HTML,
            f"<{name}> is or has a form, a script, a player or a frame, for which mail programs"
            " drop it, or distrust the mail (H13).",
            "Say it with words, images and links.",
        )
    return among_html(name) if name.startswith("mj-") else None


def _of_no_tag(found: re.Match[str]) -> Trap:
    start: str | None = found[5]
    if not start:
        return Trap(
            MarkupCase.STRAY_BRACKET,
            "There is a “<” that begins no tag.",
            "Write &lt; for the sign itself.",
        )
    if start[0] in "!?":
        return Trap(
            MarkupCase.DECLARATION,
            f"“<{start}” is no part of MJML.",
            "Leave it out: the program writes the document type.",
        )
    return Trap(
        MarkupCase.ATTRIBUTE_QUOTES,
        f'<{start}> has an attribute that is not of the form name="value".',
        "Use double quotes: in single ones, a quote in the value makes new attributes.",
    )


def _of_words(name: str, words: str) -> Iterator[Trap]:
    if "<" in words:
        yield Trap(
            MarkupCase.STRAY_HTML,
            f"<{name}> holds a tag, and may hold words only.",
            "Leave out the tag, or write &lt; for the sign itself.",
        )
    if '"' in words and name == "mj-title":
        yield Trap(
            MarkupCase.QUOTE_IN_TITLE,
            "A double quote in <mj-title> ends the attribute in which the title is read aloud.",
            "Write “ and ”, or &#34;.",
        )


def _of_style(css: str) -> Iterator[Trap]:
    """Gmail drops a block of styles whole when it cannot read it (H13)."""
    if _FETCHING.search(css):
        yield Trap(
            MarkupCase.EXTERNAL_FONT,
            "A block of styles fetches from elsewhere with @import or @font-face (H14).",
            "Name a font that every machine has.",
        )
    if len(css.encode()) > _MOST_STYLE:
        yield Trap(
            MarkupCase.STYLE_BLOCK,
            f"A block of styles has more than {_MOST_STYLE} bytes, and Gmail drops it (H13).",
            "Part it in two, or write shorter rules.",
        )
    if not _is_shallow(css):
        yield Trap(
            MarkupCase.STYLE_BLOCK,
            "A block of styles has an @ rule in an @ rule, or braces that do not pair, and Gmail"
            " drops it (H13).",
            "Close every { with a }, and put @ rules one after another.",
        )


def _is_shallow(css: str) -> bool:
    """Whether braces pair, and none is three deep as it is in an @ rule in an @ rule."""
    depth = 0
    for brace in _BRACE.findall(css):
        depth += 1 if brace == "{" else -1
        if depth not in {0, 1, 2}:
            return False
    return depth == 0
