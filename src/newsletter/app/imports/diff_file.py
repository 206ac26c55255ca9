"""What becomes of every row of a list, as a file to look through before it is imported."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsletter.app.csv_cells import escape_cell
from newsletter.app.imports.tally import Row, Watcher
from newsletter.app.private_file import private_file

HEADER = ("row", "outcome", "email", "why")


@contextmanager
def diff_file(file: Path) -> Iterator[Watcher]:
    """A CSV file with a line for every row that the watcher is told of, for its owner alone.

    Raises SurroundingsFailed when it cannot be written.
    """
    cure = "Check that the folder is there, that you may write in it and that the disk has room."
    with private_file(file, what="the rows", cure=cure) as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)

        def write(row: Row) -> None:
            cells = (str(row.line), row.outcome, row.address, row.why)
            writer.writerow([escape_cell(cell) for cell in cells])

        yield write
