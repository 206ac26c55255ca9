"""What parts the columns of a list."""

from __future__ import annotations

import csv
import re
from itertools import islice

DELIMITERS = {",": "commas", ";": ";", "\t": "tabs", "|": "|"}
"""What may part columns, and what to call it after "parted by"."""

_ROWS_LOOKED_AT = 20
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_SAID = re.compile(r'"?sep=([,;\t|])"?[\r\n]*', re.IGNORECASE)


def said_delimiter(first_line: str) -> str | None:
    """What Excel's own first line `sep=;` says, None when the line is another."""
    said = _SAID.fullmatch(first_line)
    return said[1] if said else None


def find_delimiter(head: str) -> str:
    """The delimiter of a text, of which `head` is the beginning: one that parts its header, and of
    several the one on which its first rows agree; the comma when there is only one column."""
    shapes = {mark: _shape(head, mark) for mark in DELIMITERS}
    parting = [mark for mark, (_, columns) in shapes.items() if columns > 1]
    return max(parting, key=shapes.__getitem__, default=",")


def _shape(head: str, delimiter: str) -> tuple[float, int]:
    """How many of the first rows agree with the header, from 0 to 1, and how many columns it has
    when this parts them."""
    lines = (line[0] for line in _LINE.finditer(head))
    rows = islice(csv.reader(lines, delimiter=delimiter), _ROWS_LOOKED_AT + 1)
    header, *others = [len(row) for row in rows if row] or [0]
    return sum(width == header for width in others) / max(1, len(others)), header
