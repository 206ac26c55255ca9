"""Layouts of the text part: how its templates set out tables, figures and quotations (H18)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from newsletter.composer.words.merge_values import shown_length
from newsletter.composer.words.plain_text import COLUMNS, wrap

_GAP = "  "
_QUOTED = "> "
_MARKER = re.compile(r" *(?:\* |\d+\. )?")
"""What stands before the words of a line: the room that a list takes, and its bullet or number."""

_BEGINNING = re.compile(r" *(?:\* |\d+\. |> |~)|$")
"""How a line begins that does not go on with the one before it."""


def table(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> str:
    """The names of `columns`, underlined, with `rows` aligned below them.

    Where that would be wider than 72 columns, each row is a block of lines `column: cell`. A row
    may have more or fewer cells than there are columns.
    """
    upright = [*zip_longest(columns, *rows, fillvalue="")]
    widths = [max(map(shown_length, column)) for column in upright]
    if sum(widths) + len(_GAP) * (len(widths) - 1) > COLUMNS:
        return "\n\n".join(_block(row, columns) for row in rows)
    heads, *lines = zip(*upright, strict=True)
    rule = ["-" * width for width in widths]
    return "\n".join(_aligned(line, widths) for line in (heads, rule, *lines))


def pairs(items: Sequence[Mapping[str, str]], first: str, second: str) -> str:
    """Two fields of each item side by side, such as a number and what it counts.

    The first stands to the right in a column of its own; the second wraps in the rest of the line.
    """
    width = max((shown_length(item[first]) for item in items), default=0)
    rest = " " * width + _GAP
    return "\n".join(
        wrap(item[second], _padding(item[first], width) + item[first] + _GAP, rest)
        for item in items
    )


def quoted(text: str) -> str:
    """A text of 72 columns as a quotation: every line marked, and wrapped anew to make room."""
    return "\n".join(_quoted_line(line) for line in _whole_lines(text))


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + _padding(cell, width) for cell, width in zip(cells, widths, strict=True))
    return _GAP.join(padded).rstrip(" ")


def _padding(cell: str, width: int) -> str:
    """The spaces that `cell` lacks to be `width` columns wide."""
    return " " * (width - shown_length(cell))


def _block(row: Sequence[str], columns: Sequence[str]) -> str:
    named = zip_longest(columns, row, fillvalue="")
    return "\n".join(
        wrap(": ".join(part for part in pair if part), rest=_GAP) for pair in named if any(pair)
    )


def _quoted_line(line: str) -> str:
    marker = _MARKER.match(line)
    before = marker[0] if marker else ""
    words = line.removeprefix(before)
    return wrap(words, _QUOTED + before, _QUOTED + " " * len(before)) if words else _QUOTED.rstrip()


def _whole_lines(text: str) -> Iterator[str]:
    """The lines of `text` as they were before wrapping."""
    whole = last = ""
    for number, line in enumerate(text.split("\n")):
        next_word = line.strip(" ").split(" ", maxsplit=1)[0]
        if last and not _BEGINNING.match(line) and shown_length(f"{last} {next_word}") > COLUMNS:
            whole += f" {line.strip(' ')}"
        else:
            if number:
                yield whole
            whole = line
        last = line
    yield whole
