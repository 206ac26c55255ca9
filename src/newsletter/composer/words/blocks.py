"""The blocks of a text: what the checks read, one paragraph, heading or item at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markdown_it.token import Token


class BlockKind(StrEnum):
    """What a block is to its reader."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """A link as the author wrote it: its words, and its address with merge marks still in it."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its words with line breaks as spaces, the line in the text where it begins
    (counted from 0), its links, and the number at which its list starts, None unless it is the
    first item of a numbered one."""

    kind: BlockKind
    words: str
    row: int
    links: tuple[WrittenLink, ...] = ()
    first_number: int | None = None


def blocks_of(tokens: Sequence[Token]) -> Iterator[Block]:
    """The blocks of a Markdown text, in order."""
    kinds = [BlockKind.PARAGRAPH]
    first_number: int | None = None
    for token in tokens:
        if token.type in _OPENING:
            kinds.append(_OPENING[token.type])
        elif token.type in _CLOSING:
            kinds.pop()
        elif token.type == "ordered_list_open":
            start = token.attrGet("start")
            first_number = 1 if start is None else int(start)
        elif token.type == "inline":
            row = token.map[0] if token.map else 0
            children = token.children or ()
            yield Block(kinds[-1], _words(children), row, tuple(_links(children)), first_number)
            first_number = None


_OPENING = {
    "heading_open": BlockKind.HEADING,
    "list_item_open": BlockKind.ITEM,
    "blockquote_open": BlockKind.QUOTE,
}
_CLOSING = frozenset(name.replace("_open", "_close") for name in _OPENING)


def _words(children: Iterable[Token]) -> str:
    return "".join(" " if child.type == "hardbreak" else child.content for child in children)


def _links(children: Iterable[Token]) -> Iterator[WrittenLink]:
    address, label = None, ""
    for child in children:
        if child.type == "link_open":
            address, label = str(child.attrGet("href") or ""), ""
        elif child.type == "link_close" and address is not None:
            yield WrittenLink(label, address)
            address = None
        elif address is not None:
            label += child.content
