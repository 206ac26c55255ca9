"""Cells of CSV files that a spreadsheet program must not take for formulas (X10)."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"""[\s'"]*[=+\-@\t\r]""")


def escape_cell(text: str) -> str:
    """The cell as it is written: with a `'` before it when a spreadsheet could run it.

    That is when it begins with one of `= + - @`, a tab or a carriage return, quotation marks and
    white space before it or not.
    """
    if text[:1].isalnum():
        return text  # as nearly all do, and asking that is cheap
    return f"'{text}" if _FORMULA.match(text) else text


def unescape_cell(cell: str) -> str:
    """What was written with `escape_cell`; any other cell as it is."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
