"""Dates and times in lists."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum

from newsletter.domain.errors import BadInput

_NUMBERS = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:,? +(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII
)

_LENGTH_OF_MOST = len("2026-10-31 09:30:00")


class DateOrder(StrEnum):
    """Which number comes first in a date like 03/04/2024."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


def read_instant(text: str, order: DateOrder | None = None) -> datetime:
    """The instant that `text` stands for, in UTC unless it says its offset.

    It is ISO 8601, with a space for the T or not, the date alone or with a time; or a date in three
    numbers, the year last, where it can mean only one day or the `order` is known. Raises BadInput.
    """
    if text[4:5] != "-" or text[7:8] != "-":
        return _from_numbers(text, order)
    try:
        if len(text) == _LENGTH_OF_MOST:
            return datetime.fromisoformat(f"{text}+00:00")
    except ValueError:
        pass  # it says its offset, or is no time
    return _from_iso(text)


def _from_iso(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise _no_time(text) from None


def _from_numbers(text: str, order: DateOrder | None) -> datetime:
    found = _NUMBERS.fullmatch(text)
    if found is None:
        raise _no_time(text)
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    day, month = (second, first) if _is_month_first(text, first, second, order) else (first, second)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[4:])
    try:
        return datetime(year, month, day, hours, minutes, seconds, tzinfo=UTC)
    except ValueError:
        raise _no_time(text) from None


def _is_month_first(text: str, first: int, second: int, order: DateOrder | None) -> bool:
    if order is not None:
        return order is DateOrder.MONTH_FIRST
    if first <= 12 and second <= 12 and first != second:
        raise BadInput(
            f'"{text}" may mean two days; a mapping file says dates = "day-first" or "month-first"',
            cure="Write it like 2026-10-31.",
        )
    return second > 12


def _no_time(text: str) -> BadInput:
    return BadInput(
        f'"{text}" is not a date or time', cure="Write it like 2026-10-31 or 2026-10-31 09:30:00."
    )
