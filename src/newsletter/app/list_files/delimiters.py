"""What parts the columns of a list."""

from __future__ import annotations

import csv
import re
from itertools import islice

DELIMITERS = {",": "commas", ";": ";", "\t": "tabs", "|": "|"}
"""What may part columns, and what to call it after "parted by"."""

_ROWS_LOOKED_AT = 20
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_SAID = re.compile(r'"?sep=([,;\t|])"?[\r\n]*', re.IGNORECASE)


def said_delimiter(first_line: str) -> str | None:
    """What Excel's own first line `sep=;` says, None when the line is another."""
    said = _SAID.fullmatch(first_line)
    return said[1] if said else None


def find_delimiter(head: str) -> str:
    """The delimiter of a text, of which `head` is the beginning: one that its header holds outside
    quotation marks and on which its first rows agree; the comma when there is only one column."""
    header = _LINE.match(_QUOTED.sub("", head).lstrip("\r\n"))
    held = [mark for mark in DELIMITERS if header and mark in header[0]]
    return max(held, key=lambda mark: _agreement(head, mark), default=",")


def _agreement(head: str, delimiter: str) -> tuple[float, int]:
    lines = (line[0] for line in _LINE.finditer(head))
    rows = islice(csv.reader(lines, delimiter=delimiter), _ROWS_LOOKED_AT + 1)
    header, *others = [len(row) for row in rows if row]
    agreeing = sum(width == header for width in others)
    return agreeing / max(1, len(others)), header
