"""A list file as a table: a header and rows, whatever form the file has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from newsletter.domain.errors import Fault, FaultyFile, SurroundingsFailed

LARGEST_FILE = 2**30
"""Bytes that a list file may have."""
MOST_COLUMNS = 1000
LONGEST_CELL = 64 * 2**10
"""Characters that one cell may have."""


class ListRow(NamedTuple):
    """One row: the line that it begins on, counted from 1, and its cells without a formula guard.

    `fault` says why the row cannot be used; the cells are then whatever could be read.
    """

    line: int
    cells: Sequence[str]
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list `file` being read: its header, then its rows, blank ones left out.

    `header_line` is the line that the header stands on. `described` says for people how the file
    was read: "CSV, UTF-8, parted by ;". `done()` of `total` is how far the reading is, in bytes of
    a text and in rows of a workbook; `total` is None when the file does not say.
    """

    file: Path
    header: tuple[str, ...]
    header_line: int
    rows: Iterator[ListRow]
    described: str
    done: Callable[[], int]
    total: int | None


def folded(name: str) -> str:
    """A column's name as it is compared: capitals, and blanks around it, mean nothing."""
    return name.strip().casefold()


def faulty(file: Path, line: int | None, message: str, cure: str | None) -> FaultyFile:
    """The error for a file that cannot be used as a whole, for one reason."""
    return FaultyFile([Fault(str(file), line, message, cure)])


def broken_disk(file: Path, error: OSError) -> SurroundingsFailed:
    """The error for a file that opens and then cannot be read."""
    return SurroundingsFailed(
        f"the list cannot be read to its end: {error.strerror}",
        where=str(file),
        cure="Look at the disk that it lies on; nothing was imported.",
    )


def check_header(file: Path, line: int, header: Sequence[str]) -> tuple[str, ...]:
    """The names of a header, blanks around them left away; raises FaultyFile for too many."""
    if len(header) > MOST_COLUMNS:
        message = f"there are {len(header):,} columns; at most {MOST_COLUMNS:,} are read"
        raise faulty(file, line, message, "is it a list of people, one on each row?")
    return tuple(name.strip() for name in header)


def wrong_number(cells: int, columns: int) -> str:
    """The fault of a row that has more or fewer cells than the header has columns."""
    return f"has {cells} cells, the header has {columns}"
