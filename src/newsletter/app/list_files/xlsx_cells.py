"""Values of a workbook's cells as the words that a CSV file would hold."""

from __future__ import annotations

from datetime import date, datetime, time

from openpyxl.cell.cell import ERROR_CODES

_ERRORS = frozenset(ERROR_CODES)
_EXACT_BELOW = 1e15


def cell_text(value: object) -> str:
    """The words of a cell: a whole number without ".0", a date as ISO 8601, "" for an empty one."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def is_error(text: str) -> bool:
    """Whether the words are the error that a formula came to: `#N/A`."""
    return text in _ERRORS


def _number(value: float) -> str:
    is_exact = value.is_integer() and abs(value) < _EXACT_BELOW
    return str(int(value)) if is_exact else str(value)


def _moment(value: datetime) -> str:
    if value.time() == time():
        return value.date().isoformat()
    return value.isoformat(sep=" ", timespec="seconds")
