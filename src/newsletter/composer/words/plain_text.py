"""Plain text: how the text part looks (H18).

Lines of 72 columns, headings underlined, lists with hanging indents, links as `label (address)`.
A web address or a reader's value is never broken across lines. A value is as long as its fallback.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from markdown_it.token import Token

from newsletter.composer.words.merge_values import shown_length, shown_within

COLUMNS = 72

# Not \s: a no-break space holds its words together.
_SPACES = re.compile(r"[ \t\n]+")
_SPACES_AT_ENDS = re.compile(r"[ \t]+\n")


def wrap(words: str, first: str = "", rest: str = "") -> str:
    """`words` in lines of 72 columns, `first` before the first line and `rest` before the others.

    Line breaks in `words` stay. A word longer than the line, such as an address, stands whole.
    """
    lines: list[str] = []
    for paragraph in words.split("\n"):
        left: str | None = _SPACES.sub(" ", paragraph.strip(" \t"))
        while left is not None:
            before = rest if lines else first
            line, left = _first_line(left, COLUMNS - shown_length(before))
            lines.append((before + line).rstrip(" "))
    return "\n".join(lines)


def _first_line(words: str, room: int) -> tuple[str, str | None]:
    """What of `words`, single-spaced, fits into `room` columns, but one word at least; the rest."""
    fitting = shown_within(words, room)
    if len(words) <= fitting:
        return words, None
    end = words.rfind(" ", 0, fitting + 1)
    if end < 1:
        end = words.find(" ", 1)
    return (words, None) if end < 1 else (words[:end], words[end + 1 :])


def underline(words: str, character: str = "-") -> str:
    """A heading: `words`, wrapped, with a line of `character` as long as its longest line."""
    wrapped = wrap(words)
    return f"{wrapped}\n{character * max(map(shown_length, wrapped.splitlines()), default=0)}"


def tidy(text: str) -> str:
    """`text` without spaces at line ends, runs of empty lines, or empty lines at either end."""
    lines = "\n".join(text.splitlines()) + "\n"
    if " \n" in lines or "\t\n" in lines:
        lines = _SPACES_AT_ENDS.sub("\n", lines)
    while "\n\n\n" in lines:
        lines = lines.replace("\n\n\n", "\n\n")
    return lines.strip("\n") + "\n"


def rich_text_as_plain(tokens: Sequence[Token]) -> str:
    """The blocks of a Markdown text, parted by empty lines, as the text part shows them."""
    writer = _BlockWriter()
    for token in tokens:
        writer.take(token)
    return tidy("\n".join(writer.lines)).rstrip("\n")


class _BlockWriter:
    """Writes blocks one after another, each behind the prefixes of the blocks that hold it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._prefixes: list[str] = []  # what each open block puts before its lines
        self._marker: str | None = None  # the bullet or number of a list item, until it is used
        self._heading = 0  # where the lines of the open heading begin
        self._numbers: list[int | None] = []  # the next number of each open list, None for bullets

    def take(self, token: Token) -> None:
        kind = token.type
        if kind == "inline":
            self._write(_inline_text(token.children or ()))
        elif kind in ("bullet_list_open", "ordered_list_open"):
            start = token.attrGet("start")
            numbered = kind == "ordered_list_open"
            self._numbers.append(int(start if start is not None else 1) if numbered else None)
        elif kind == "list_item_open":
            self._open_item()
        elif kind == "blockquote_open":
            self._prefixes.append("> ")
        elif kind == "heading_open":
            self._heading = len(self.lines)
        elif kind == "hr":
            self._write("* * *")
            self._part()
        elif kind.endswith("_close"):
            self._close(token)

    def _open_item(self) -> None:
        number = self._numbers[-1]
        self._marker = "* " if number is None else f"{number}. "
        if number is not None:
            self._numbers[-1] = number + 1
        self._prefixes.append(" " * len(self._marker))

    def _close(self, token: Token) -> None:
        if token.type in ("bullet_list_close", "ordered_list_close"):
            self._numbers.pop()
            if not self._numbers:
                self._part()
        elif token.type == "list_item_close":
            self._marker = None
            self._prefixes.pop()
        elif token.type == "blockquote_close":
            if self.lines and not self.lines[-1].strip("> "):
                self.lines.pop()
            self._prefixes.pop()
            self._part()
        elif token.type == "heading_close":
            self._underline_heading()
            self._part()
        elif not token.hidden:
            self._part()

    def _underline_heading(self) -> None:
        before = "".join(self._prefixes)
        words = [line.removeprefix(before) for line in self.lines[self._heading :]]
        if words:
            self.lines.append(before + "~" * max(map(shown_length, words)))

    def _write(self, words: str) -> None:
        rest = "".join(self._prefixes)
        first = rest
        if self._marker is not None:
            first = "".join(self._prefixes[:-1]) + self._marker
            self._marker = None
        self.lines.extend(wrap(words, first, rest).splitlines())

    def _part(self) -> None:
        self.lines.append("".join(self._prefixes).rstrip(" "))


def _inline_text(children: Iterable[Token]) -> str:
    text = ""
    links: list[tuple[int, str]] = []
    for child in children:
        if child.type == "link_open":
            links.append((len(text), str(child.attrGet("href"))))
        elif child.type == "link_close":
            start, href = links.pop()
            text += _address_after(text[start:], href)
        elif child.type == "hardbreak":
            text += "\n"
        else:
            text += child.content
    return text


def _address_after(label: str, href: str) -> str:
    bare = href.removeprefix("mailto:").removeprefix("tel:")
    return "" if label.strip() in (href, bare) else f" ({bare})"
