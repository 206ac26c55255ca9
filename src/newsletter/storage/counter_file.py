"""The counter of the live copy beside the journals: a number in a file, safe on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.folders import sync_folder

_NAME = "live"


class CounterFile:
    """The file `live` in a folder, which is made with the first number; and an empty file beside
    it that has the number in its name.

    Whoever copies a backup of the folder over it puts an older number into `live`. The name stays.
    The methods raise SurroundingsFailed when the disk does not let them.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / _NAME

    def read(self) -> int | None:
        """The number, the higher one of the two; None when there is no file, or no number in it."""
        try:
            text = self.file.read_bytes()
            named = [number for number, _ in self._names()]
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._failed("read", error) from None
        return max([int(text), *named]) if text.strip().isdigit() else None

    def write(self, number: int) -> None:
        """Puts `number` in place of the last one; on the disk once this returns."""
        try:
            self._make_folder()
            self._replace(number)
            self._name(number)
            sync_folder(self.file.parent)
        except OSError as error:
            raise self._failed("written", error) from None

    def _replace(self, number: int) -> None:
        draft = self.file.with_suffix(".draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(b"%d\n" % number)
            stream.flush()
            os.fsync(descriptor)
        draft.replace(self.file)

    def _name(self, number: int) -> None:
        self.file.with_suffix(f".{number}").touch(mode=0o600)
        for other, file in self._names():
            if other != number:
                file.unlink(missing_ok=True)

    def _names(self) -> Iterator[tuple[int, Path]]:
        for file in self.file.parent.glob(f"{_NAME}.*"):
            if file.suffix[1:].isdigit():
                yield int(file.suffix[1:]), file

    def _make_folder(self) -> None:
        folder = self.file.parent
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(folder.parent)

    def _failed(self, done: str, error: OSError) -> SurroundingsFailed:
        return SurroundingsFailed(
            f"the counter of sending cannot be {done} ({error.strerror})",
            where=str(self.file),
            cure="See that the disk has room, and that this user may read and write there.",
        )
