"""Opening a list file of any form as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from newsletter.app.list_files.csv_tables import csv_table
from newsletter.app.list_files.encodings import Encoding
from newsletter.app.list_files.list_stream import list_stream
from newsletter.app.list_files.tables import ListTable, faulty

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@contextmanager
def open_list(
    file: Path,
    *,
    is_header: Callable[[Sequence[str]], bool],
    delimiter: str | None = None,
    encoding: Encoding | None = None,
) -> Iterator[ListTable]:
    """The file as a table, CSV, TSV or XLSX as its bytes say, read while the rows are asked for.

    `is_header` says whether a row names a column of addresses, by which a workbook's sheet is
    chosen; `delimiter` and `encoding` stand in place of what a text's own bytes say.

    Raises BadInput when there is no such file, FaultyFile when it is empty, too large or no list
    that can be read, SurroundingsFailed when the disk fails; the last two also while the rows are
    read.
    """
    with list_stream(file) as stream:
        mark = stream.peek(len(_ZIP))[: len(_ZIP)]
        if mark == _OLD_EXCEL:
            message = "is a workbook of an older Excel, or one with a password"
            raise faulty(file, None, message, "save it as XLSX without a password, or as CSV UTF-8")
        if mark == _ZIP:
            # Only now: the reader of workbooks is slow to load, and few lists need it.
            from newsletter.app.list_files.xlsx_tables import xlsx_table

            with xlsx_table(file, stream, is_header) as table:
                yield table
        else:
            yield csv_table(file, stream, delimiter=delimiter, encoding=encoding)
