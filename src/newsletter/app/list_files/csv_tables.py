"""Lists as text: CSV and its kin, read strictly (RFC 4180), row by row.

A row that cannot be read is given with its fault and reading goes on. What makes the rest of the
file doubtful, a quotation mark that is never closed, raises FaultyFile.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, TextIO

from newsletter.app.csv_cells import unescape_cell
from newsletter.app.list_files.delimiters import DELIMITERS, find_delimiter, said_delimiter
from newsletter.app.list_files.encodings import Encoding, beginning, find_encoding
from newsletter.app.list_files.tables import (
    LONGEST_CELL,
    ListRow,
    ListTable,
    check_header,
    faulty,
    wrong_number,
)

LONGEST_ROW = 2**20
"""Characters that a row may have."""

_TOO_LONG = f"a cell is longer than {LONGEST_CELL // 2**10} KB, or the row than 1 MB"


def csv_table(
    file: Path, stream: BinaryIO, *, delimiter: str | None, encoding: Encoding | None
) -> ListTable:
    """The text as a table, its encoding and delimiter as given or else found out.

    Raises FaultyFile when it is empty, has too many columns or is no text in a known encoding; also
    while the rows are read.
    """
    found = find_encoding(file, stream, encoding)
    head = beginning(stream, found)
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    text = io.TextIOWrapper(stream, found.codec, newline="")
    lines = _Lines(text)
    said = said_delimiter(head[: head.find("\n") + 1])
    if said:
        next(lines)
    mark = delimiter or said or find_delimiter(head)
    rows = _rows(file, lines, mark)
    first = next(rows, None)
    if first is None:
        raise faulty(file, None, "is empty", "its first line names the columns: email,name")
    if first.fault:
        raise faulty(file, first.line, first.fault, "mend the header")
    header = check_header(file, first.line, first.cells)
    return ListTable(
        file=file,
        header=header,
        header_line=first.line,
        rows=rows,
        described=f"CSV, {found.described}, parted by {DELIMITERS.get(mark, mark)}",
        done=lines.position,
        total=size,
    )


class _RowTooLong(Exception):
    pass


class _Lines:
    """The lines of a text for csv.reader; `taken` are those of the row that is being read."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._readline = text.readline
        self._again: list[str] = []
        self._read = 0
        self._room = LONGEST_ROW
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._readline(LONGEST_ROW)
        if not line:
            raise StopIteration
        self.taken.append(line)
        self._read += 1
        self._room -= len(line)
        if self._room <= 0:
            raise _RowTooLong
        return line

    def position(self) -> int:
        """How many bytes have been read."""
        return self._text.buffer.tell()

    def begin_row(self) -> int:
        """Begins another row; gives its line."""
        self.taken.clear()
        self._room = LONGEST_ROW
        return self._read + 1

    def read_again(self) -> None:
        """Makes all but the first line of the row the next to be read."""
        later = self.taken[1:]
        self._again.extend(reversed(later))
        self._read -= len(later)

    def skip_to_end_of_row(self, first: int) -> int | None:
        """Reads, and forgets, what is left of the row that began on line `first`.

        Gives None; or, when the text ends inside quotation marks, the line that they open on.
        """
        open_on: int | None = None
        number, line, lines = first, "", iter(self.taken)
        while True:
            line = next(lines, "") or (self._more() if open_on or not _is_whole(line) else "")
            if not line:
                break
            quotes = line.replace('""', "").count('"')
            if quotes:
                open_on = number if (quotes + bool(open_on)) % 2 else None
            number += _is_whole(line)
        self._read = number - 1
        return open_on

    def _more(self) -> str:
        return self._again.pop() if self._again else self._readline(LONGEST_ROW)


def _is_whole(line: str) -> bool:
    return line.endswith(("\n", "\r"))


def _rows(file: Path, lines: _Lines, delimiter: str) -> Iterator[ListRow]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    taken = lines.taken
    columns = 0  # as many as the first row has
    while True:
        line = lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _RowTooLong) as error:
            yield _unreadable(file, lines, line, str(error))
            continue
        if not cells or not (cells[0].strip() or "".join(cells).strip()):
            continue
        columns = columns or len(cells)
        text = taken[0]
        is_plain = len(taken) == 1 and "'" not in text and "\0" not in text
        if is_plain and len(text) <= LONGEST_CELL and len(cells) == columns:
            yield ListRow(line, cells)
        else:
            yield _looked_at(line, cells, columns, taken)


def _looked_at(line: int, cells: list[str], columns: int, taken: Sequence[str]) -> ListRow:
    if any("\0" in cell for cell in cells):
        return ListRow(line, cells, "there is a NUL character in it")
    if max(map(len, cells)) > LONGEST_CELL:
        return _cut(line, taken, _TOO_LONG)
    fault = None if len(cells) == columns else wrong_number(len(cells), columns)
    return ListRow(line, [unescape_cell(cell) for cell in cells], fault)


def _unreadable(file: Path, lines: _Lines, line: int, message: str) -> ListRow:
    if "expected after" not in message:
        open_on = lines.skip_to_end_of_row(line)
        if open_on or "unexpected end" in message:
            told = "a quotation mark is opened here and not closed"
            raise faulty(
                file, open_on or line, told, 'close it, or double it (""), and import again'
            )
        return _cut(line, lines.taken, _TOO_LONG)
    # The row ends with its first line, and the others are read as rows of their own: a quotation
    # mark that somebody forgot takes no good row with it. In what a program wrote, which doubles
    # every mark, no row comes here; so nobody smuggles rows in by the line breaks of a note.
    lines.read_again()
    return _cut(
        line, lines.taken[:1], 'a quotation mark inside a cell must be closed or doubled ("")'
    )


def _cut(line: int, taken: Sequence[str], fault: str) -> ListRow:
    return ListRow(line, (taken[0][:LONGEST_CELL].rstrip("\r\n"),), fault)
