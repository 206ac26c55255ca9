"""What of a mail is seen: its texts, each with the look of the element that it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from newsletter.composer.looks.looks import Look, Written, look_of
from newsletter.composer.looks.sheets import Sheet, sheet_of


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text without an element in it; `element` is what it stands in."""

    words: str
    look: Look
    element: etree._Element


@dataclass(frozen=True, slots=True)
class Appearance:
    """What a mail looks like: its sheet, the look of each element of its body, and the texts that
    are seen, in order."""

    sheet: Sheet
    looks: dict[etree._Element, Look]
    texts: tuple[ShownText, ...]


def appearance_of(document: etree._Element) -> Appearance:
    """The appearance of a document, of whose `<html>` element this is."""
    blocks = tuple(style.text or "" for style in document.iter("style") if not style.get("media"))
    sheet = sheet_of(blocks)
    looks = {document: _look(document, None, sheet)}
    body = document.find("body")
    nodes = () if body is None else body.iter()
    return Appearance(sheet, looks, tuple(_texts(nodes, looks, sheet)))


def _texts(
    nodes: Iterable[etree._Element], looks: dict[etree._Element, Look], sheet: Sheet
) -> Iterator[ShownText]:
    """The texts in and behind `nodes`, whose looks are noted in `looks` on the way."""
    for node in nodes:
        parent = node.getparent()
        if isinstance(node.tag, str):
            look = looks[node] = _look(node, looks[parent], sheet)
            if _is_seen(node.text, look):
                yield ShownText(node.text, look, node)
        if _is_seen(node.tail, looks[parent]):
            yield ShownText(node.tail, looks[parent], parent)


def _look(element: etree._Element, parent: Look | None, sheet: Sheet) -> Look:
    get = element.get
    written = Written(
        element.tag,
        get("class", ""),
        get("style", ""),
        get("bgcolor", ""),
        get("background", ""),
    )
    return look_of(written, parent, sheet)


def _is_seen(words: str | None, look: Look) -> bool:
    return words is not None and not look.is_hidden and not (words == "" or words.isspace())
