"""Reading a CSV file strictly (RFC 4180), row by row, with the line that each row stands on.

A row that cannot be read is given with its fault and reading goes on; what makes the rest of the
file doubtful (not UTF-8, a quotation mark that is never closed) raises FaultyFile.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from newsletter.app.csv_cells import unescape_cell
from newsletter.domain.errors import BadInput, Fault, FaultyFile, SurroundingsFailed

_BOM = b"\xef\xbb\xbf"
_MOST_BYTES = 256 * 2**20
_LONGEST_LINE = 64 * 2**10


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: the line it begins on, counted from 1, and its cells without a formula guard.

    `fault` says why the row cannot be used; the cells are then whatever could be read.
    """

    line: int
    cells: tuple[str, ...]
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A CSV file being read: its header, then its rows, blank ones left out."""

    header: tuple[str, ...]
    rows: Iterator[CsvRow]


@contextmanager
def open_csv(file: Path) -> Iterator[CsvTable]:
    """The file as a table, read while the rows are asked for.

    Raises BadInput when there is no such file, FaultyFile when it is empty, too large or no CSV in
    UTF-8, SurroundingsFailed when the disk fails; the last two also while the rows are read.
    """
    try:
        stream = file.open("rb")
    except OSError as error:
        raise BadInput(f"cannot read {file}: {error.strerror}") from None
    with stream:
        if file.stat().st_size > _MOST_BYTES:
            raise faulty(file, None, "is larger than 256 MB", "split it")
        rows = _rows(file, stream)
        first = next(rows, None)
        if first is None:
            raise faulty(file, None, "is empty", "its first line names the columns: email,name")
        if first.fault:
            raise faulty(file, first.line, first.fault, None)
        yield CsvTable(first.cells, (_measured(row, len(first.cells)) for row in rows))


def faulty(file: Path, line: int | None, message: str, cure: str | None) -> FaultyFile:
    """The error for a file that cannot be used as a whole, for one reason."""
    return FaultyFile([Fault(str(file), line, message, cure)])


class _Lines:
    """The lines of a file as text; `last` is the one that was read last."""

    def __init__(self, file: Path, stream: BinaryIO) -> None:
        self._file = file
        self._stream = stream
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        number = 0
        while data := self._next():
            number += 1
            self.last = self._text(data.removeprefix(_BOM) if number == 1 else data, number)
            yield self.last

    def _next(self) -> bytes:
        try:
            return self._stream.readline(_LONGEST_LINE)
        except OSError as error:
            raise SurroundingsFailed(
                f"the list cannot be read to its end: {error.strerror}",
                where=str(self._file),
                cure="Look at the disk that it lies on; nothing was imported.",
            ) from None

    def _text(self, data: bytes, number: int) -> str:
        if b"\0" in data:
            message = "holds a NUL byte, so it is no CSV file in UTF-8"
            raise faulty(self._file, number, message, "save it as CSV UTF-8")
        if len(data) == _LONGEST_LINE:
            raise faulty(self._file, number, "the line is longer than 64 KB", "is it a CSV file?")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            message = f"is not UTF-8 (byte 0x{data[error.start]:02x})"
            raise faulty(self._file, number, message, "save it as CSV UTF-8") from None


def _rows(file: Path, stream: BinaryIO) -> Iterator[CsvRow]:
    lines = _Lines(file, stream)
    reader = csv.reader(lines, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = tuple(unescape_cell(cell) for cell in next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            yield _unreadable(file, line, reader.line_num, lines.last, str(error))
            continue
        if any(cell.strip() for cell in cells):
            yield CsvRow(line, cells)


def _unreadable(file: Path, first: int, last: int, text: str, message: str) -> CsvRow:
    # strict=True names only these two by words; both would lose or join rows when let pass.
    if "unexpected end" in message or "field larger" in message:
        told = "a quotation mark is opened here and not closed"
        raise faulty(file, first, told, 'close it, or double it (""), and import again')
    if "new-line" in message:
        told = "the lines end in a bare carriage return"
        raise faulty(file, first, told, "save it as CSV UTF-8")
    place = "" if first == last else f" (the row runs over lines {first} to {last})"
    told = f'a quotation mark inside a cell must be doubled (""){place}'
    return CsvRow(first, (text.rstrip("\r\n"),), told)


def _measured(row: CsvRow, columns: int) -> CsvRow:
    if row.fault or len(row.cells) == columns:
        return row
    return CsvRow(row.line, row.cells, f"has {len(row.cells)} cells, the header has {columns}")
