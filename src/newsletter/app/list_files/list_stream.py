"""The bytes of a list file, whose disk may fail at any moment."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.app.list_files.tables import LARGEST_FILE, broken_disk, faulty
from newsletter.domain.errors import BadInput

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@contextmanager
def list_stream(file: Path) -> Iterator[io.BufferedReader[_ListFile]]:
    """The file, open for reading and seeking.

    Raises BadInput when it is not there, may not be read or is no file at all, FaultyFile when it
    is too large; what is read from it raises SurroundingsFailed when the disk fails.
    """
    try:
        raw = _ListFile(file)
    except OSError as error:
        raise BadInput(
            f"cannot read {file}: {error.strerror}", cure="Name the file with the list."
        ) from None
    with io.BufferedReader(raw, io.DEFAULT_BUFFER_SIZE * 16) as stream:
        _check_kind(file, os.fstat(raw.fileno()))
        yield stream


def _check_kind(file: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise BadInput(
            f"cannot read {file}: it is a pipe or a device",
            cure="A list is read twice: save it as a file and name that.",
        )
    if found.st_size > LARGEST_FILE:
        raise faulty(file, None, "is larger than 1 GB", "split it")


class _ListFile(io.FileIO):
    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self._file = file

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        try:
            return super().readinto(buffer) or 0
        except OSError as error:
            raise broken_disk(self._file, error) from None
