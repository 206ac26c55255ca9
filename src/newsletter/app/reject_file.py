"""The rows that an import could not use, written so that they can be mended and imported."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from newsletter.app.csv_cells import escape_cell
from newsletter.app.list_files.tables import ListRow
from newsletter.app.private_file import private_file


class RejectFile:
    """A CSV file that there is only when a row is put into it, readable by its owner alone.

    Its columns are `row` (the line in the imported file), `reason`, then the file's own.
    """

    def __init__(self, file: Path, header: Sequence[str], closing: ExitStack) -> None:
        self._file = file
        self._header = header
        self._closing = closing
        self._writer: Any = None  # csv has no public name for the type of its writers

    @property
    def written(self) -> Path | None:
        """The file, when any row was rejected."""
        return None if self._writer is None else self._file

    def add(self, row: ListRow, reason: str) -> None:
        """Adds one row; raises SurroundingsFailed when it cannot be written."""
        if self._writer is None:
            self._open()
        self._write([str(row.line), reason, *row.cells])

    def _open(self) -> None:
        out = private_file(
            self._file,
            what="the rejected rows",
            cure="Check the folder and the disk; nothing was imported.",
            make_folder=True,
        )
        self._writer = csv.writer(self._closing.enter_context(out))
        self._write(["row", "reason", *self._header])

    def _write(self, cells: Sequence[str]) -> None:
        self._writer.writerow([escape_cell(cell) for cell in cells])


@contextmanager
def open_reject_file(folder: Path, imported: Path, header: Sequence[str]) -> Iterator[RejectFile]:
    """The reject file of an import, `<name>.rejected.csv` in `folder`; it takes an earlier one's
    place when the block ends, and leaves it there when the block raises.

    Raises SurroundingsFailed when it cannot be written.
    """
    with ExitStack() as closing:
        yield RejectFile(folder / f"{imported.stem}.rejected.csv", header, closing)
