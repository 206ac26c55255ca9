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


def joined_or(whole: Cell, first: Cell, second: Cell) -> Cell:
    """A whole, or where it is empty its two halves, a space between them."""
    return lambda cells: whole(cells) or f"{first(cells)} {second(cells)}".strip(" ")
