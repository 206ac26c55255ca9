"""The counter of the live copy beside the journals: one number in a file, safe on the disk."""

from __future__ import annotations

import os
from pathlib import Path

from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.folders import sync_folder

_NAME = "live"


class CounterFile:
    """The file `live` in a folder, which is made with the first number.

    Its methods raise SurroundingsFailed when the disk does not let them.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / _NAME

    def read(self) -> int | None:
        """The number; None when there is no file, or none with a number in it."""
        try:
            text = self.file.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._failed("read", error) from None
        return int(text) if text.strip().isdigit() else None

    def write(self, number: int) -> None:
        """Puts `number` in place of the last one; on the disk once this returns."""
        try:
            self._make_folder()
            draft = self.file.with_suffix(".draft")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(b"%d\n" % number)
                stream.flush()
                os.fsync(descriptor)
            draft.replace(self.file)
            sync_folder(self.file.parent)
        except OSError as error:
            raise self._failed("written", error) from None

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
