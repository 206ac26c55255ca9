"""Lists as Excel workbooks."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias
from zipfile import ZipFile

from openpyxl import load_workbook

from newsletter.app.csv_cells import unescape_cell
from newsletter.app.list_files.tables import (
    LONGEST_CELL,
    ListRow,
    ListTable,
    check_header,
    faulty,
    wrong_number,
)
from newsletter.app.list_files.xlsx_cells import cell_text, is_error
from newsletter.app.list_files.xlsx_safety import check_workbook
from newsletter.domain.errors import NewsletterError

MOST_ROWS = 2**20
"""Rows that a sheet can have in Excel."""

_AT_A_TIME = 200
_Row: TypeAlias = tuple[int, list[str]]


@contextmanager
def xlsx_table(
    file: Path, stream: BinaryIO, is_header: Callable[[Sequence[str]], bool]
) -> Iterator[ListTable]:
    """The first sheet whose first row is a header by `is_header`, else the first that holds any.

    Formulas are read as what they came to when the workbook was saved. Raises FaultyFile when the
    workbook is broken, too much, or empty; also while the rows are read.
    """
    with _reading(file):
        with ZipFile(stream) as archive:
            check_workbook(file, archive)
        workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    stated = {sheet.title: sheet.max_row for sheet in workbook.worksheets}
    try:
        sheet = _chosen(file, workbook.worksheets, is_header)
        yield _table(file, sheet, stated[sheet.title])
    finally:
        workbook.close()


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    # The library warns of what it leaves out, none of which a list needs; and a broken workbook
    # comes out of it as whatever exception its code happened to run into.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except NewsletterError:
        raise
    except Exception as error:  # whatever: see above
        message = f"is no workbook that can be read ({type(error).__name__})"
        cure = "was it copied whole? Open it in a spreadsheet program and save it as XLSX again"
        raise faulty(file, None, message, cure) from error


def _chosen(file: Path, sheets: Sequence[Any], is_header: Callable[[Sequence[str]], bool]) -> Any:  # noqa: ANN401 - openpyxl types a sheet as one of four classes
    filled = []
    for sheet in sheets:
        first = next(_filled_rows(file, sheet), None)
        if first is not None and is_header(first[1]):
            return sheet
        if first is not None:
            filled.append(sheet)
    if not filled:
        cure = "its first sheet's first row names the columns: email, name"
        raise faulty(file, None, "there is nothing in any sheet", cure)
    return filled[0]


def _table(file: Path, sheet: Any, total: int | None) -> ListTable:  # noqa: ANN401 - as above
    rows = _filled_rows(file, sheet)
    line, cells = next(rows)
    while cells and not cells[-1].strip():
        cells.pop()
    header = check_header(file, line, cells)
    progress = _Progress()
    return ListTable(
        file=file,
        header=header,
        header_line=line,
        rows=(_list_row(*row, len(header)) for row in progress.over(rows)),
        described=f'XLSX, the sheet "{sheet.title}"',
        done=progress.done,
        total=total,
    )


class _Progress:
    def __init__(self) -> None:
        self._line = 0

    def over(self, rows: Iterator[_Row]) -> Iterator[_Row]:
        for row in rows:
            self._line = row[0]
            yield row

    def done(self) -> int:
        return self._line


def _filled_rows(file: Path, sheet: Any) -> Iterator[_Row]:  # noqa: ANN401 - as above
    # What a file states as its dimensions is often wrong, and would cut rows and columns off.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True)
    line = 0
    while batch := _batch(file, rows):
        for values in batch:
            line += 1
            if any(value is not None for value in values):
                cells = [cell_text(value) for value in values]
                if any(cell.strip() for cell in cells):
                    yield line, cells
        if line > MOST_ROWS:
            raise faulty(file, line, "there are more rows than Excel has", "save it as CSV UTF-8")


def _batch(file: Path, rows: Iterator[tuple[object, ...]]) -> list[tuple[object, ...]]:
    with _reading(file):
        return list(islice(rows, _AT_A_TIME))


def _list_row(line: int, cells: list[str], columns: int) -> ListRow:
    # A sheet has no rows of unequal length: what is missing at the end is empty, and so may be what
    # is too much.
    while len(cells) > columns and not cells[-1].strip():
        cells.pop()
    cells.extend([""] * (columns - len(cells)))
    wrong = next((cell for cell in cells if is_error(cell)), None)
    if wrong is not None:
        return ListRow(line, cells, f"a formula in it came to {wrong}")
    if max(map(len, cells)) > LONGEST_CELL:
        return ListRow(line, [cell[:200] for cell in cells], "a cell is longer than 64 KB")
    fault = None if len(cells) == columns else wrong_number(len(cells), columns)
    return ListRow(line, [unescape_cell(cell) for cell in cells], fault)
