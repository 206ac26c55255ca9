"""Reading CSS (by tinycss2): what a style says of an element, and what a block of styles holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tinycss2 import parse_blocks_contents, parse_rule_list, parse_stylesheet, serialize
from tinycss2.ast import Node

from newsletter.composer.looks.values import is_colour


@dataclass(frozen=True, slots=True)
class Declared:
    """The value of one property, in small letters, and whether it is `!important`."""

    value: str
    important: bool = False


Declarations = Mapping[str, Declared]
"""What a style says, by the names of properties in small letters."""


@dataclass(frozen=True, slots=True)
class CssRule:
    """What one selector is given, under a media condition; "" is any. Both are in small letters."""

    media: str
    selector: str
    declarations: Declarations


@dataclass(frozen=True, slots=True)
class CssSheet:
    """A block of styles: its rules, one for each selector, and what mail programs trip over.

    `fetches` are the @ rules that load from elsewhere, by name; `is_sound` says whether all of it
    could be read, and no @ rule stands in another.
    """

    rules: tuple[CssRule, ...]
    fetches: tuple[str, ...]
    is_sound: bool


@lru_cache(maxsize=4096)
def read_declarations(style: str) -> Declarations:
    """The declarations of a `style` attribute; what cannot be read is left out."""
    return _declarations(parse_blocks_contents(style, skip_comments=True, skip_whitespace=True))


@lru_cache(maxsize=128)
def read_sheet(css: str) -> CssSheet:
    """The content of a `<style>` element; what cannot be read is left out."""
    nodes = parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    rules = [pair for node in nodes for pair in _in_media(node)]
    names = (node.lower_at_keyword for node in nodes if node.type == "at-rule")
    return CssSheet(
        rules=tuple(_read_rules(rules)),
        fetches=tuple(name for name in names if name in {"import", "font-face"}),
        is_sound=not any(node.type == "error" for node in nodes)
        and all(rule.type == "qualified-rule" for _, rule in rules),
    )


def _read_rules(rules: Iterable[tuple[str, Node]]) -> Iterator[CssRule]:
    for media, rule in rules:
        if rule.type == "qualified-rule":
            declarations = _declarations(
                parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            )
            for selector in _text(rule.prelude).split(","):
                yield CssRule(media, selector.strip(), declarations)


def _in_media(node: Node) -> Iterator[tuple[str, Node]]:
    """The rule itself, or those of an @media rule with its condition."""
    if node.type == "qualified-rule":
        yield "", node
    elif node.type == "at-rule" and node.lower_at_keyword == "media":
        for rule in parse_rule_list(node.content or (), skip_comments=True, skip_whitespace=True):
            yield _text(node.prelude), rule


def _declarations(nodes: Iterable[Node]) -> Declarations:
    found: dict[str, Declared] = {}
    for node in nodes:
        if node.type == "declaration":
            for name, declared in _longhands(node):
                if declared.important or not (name in found and found[name].important):
                    found[name] = declared
    return found


def _longhands(node: Node) -> Iterator[tuple[str, Declared]]:
    yield node.lower_name, Declared(_text(node.value), node.important)
    if node.lower_name == "background":
        parts = [serialize([one]).lower() for one in node.value]
        # What the shorthand does not name it takes back.
        colour = next(filter(_may_be_colour, parts), "transparent")
        image = next(filter(_is_image, parts), "none")
        yield "background-color", Declared(colour, node.important)
        yield "background-image", Declared(image, node.important)


def _may_be_colour(part: str) -> bool:
    return is_colour(part) or part.startswith("var(")


def _is_image(part: str) -> bool:
    return part.startswith("url(") or "gradient(" in part


def _text(nodes: Iterable[Node]) -> str:
    return " ".join(serialize(nodes).split()).lower()
