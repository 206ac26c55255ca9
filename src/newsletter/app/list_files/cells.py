"""Getting at the cells of rows, one way made once for the million rows of a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

Cell: TypeAlias = Callable[[Sequence[str]], str]
"""Gives the words that a row's cells hold for one purpose, "" when they hold none."""

BLANKS = " \t\u00a0"
"""What is taken off around a cell. Line breaks stay, for the checks to see (M12)."""


def first_of(places: Sequence[int]) -> Cell:
    """Of the cells in these places, the first that is not empty."""
    if not places:
        return lambda cells: ""
    if len(places) == 1:
        (place,) = places
        return lambda cells: cells[place].strip(BLANKS)
    return lambda cells: next(filter(None, (cells[place].strip(BLANKS) for place in places)), "")


def name_of(whole: Sequence[int], first: Sequence[int], last: Sequence[int]) -> Cell | None:
    """A whole name, or where it is empty its two halves; None when there is no place for any."""
    whole_name, first_name, last_name = map(first_of, (whole, first, last))
    if first or last:
        return lambda cells: (
            whole_name(cells) or f"{first_name(cells)} {last_name(cells)}".strip(" ")
        )
    return whole_name if whole else None
