"""Writing a file about people, or a secret: for its owner's eyes alone, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol, TextIO

from newsletter.domain.errors import BadInput, SurroundingsFailed


class Writable(Protocol):
    """What text can be written to: a private file, stdout."""

    def write(self, text: str, /) -> object:
        """Writes the text."""


@contextmanager
def private_file(
    file: Path, *, what: str, cure: str, make_folder: bool = False
) -> Iterator[Writable]:
    """A text file in UTF-8, its line ends as they are written, readable by its owner alone (X13).

    Once the block has ended it stands in its place, instead of an earlier one; a block that raises
    leaves everything as it was. Raises SurroundingsFailed when the file cannot be written, saying
    so of `what` with `cure`, and BadInput when `file` is a folder or a device; an OSError of the
    block's own stays what it is.
    """
    in_plain_words = _InPlainWords(file, what, cure)
    with in_plain_words:
        place = _place(file)
        if make_folder:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp gives it mode 0600, whatever the umask is and an earlier file's mode was.
        descriptor, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    draft = Path(name)
    stream = os.fdopen(descriptor, "w", encoding="utf-8", newline="")
    try:
        yield _Draft(stream, in_plain_words)
        with in_plain_words:
            stream.flush()
            os.fsync(descriptor)
            draft.replace(place)
    finally:
        with suppress(OSError):  # a full disk was told of already, and fails once more here
            stream.close()
        draft.unlink(missing_ok=True)


def write_new(file: Path, text: str, *, what: str, cure: str) -> None:
    """Writes a new file in UTF-8, readable by its owner alone (X13), its folder too if need be.

    Raises BadInput when it is there already, which is never written over, and SurroundingsFailed as
    `private_file` does.
    """
    with _InPlainWords(file, what, cure):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise BadInput(f"{file} is there already, and is not written over", cure=cure) from None
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(descriptor)
        except OSError:
            file.unlink(missing_ok=True)
            raise


class _InPlainWords:
    """A block in which the disk is to blame for every OSError."""

    def __init__(self, file: Path, what: str, cure: str) -> None:
        self._file = file
        self._what = what
        self._cure = cure

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OSError):
            raise SurroundingsFailed(
                f"{self._what} cannot be written: {error.strerror}",
                where=str(self._file),
                cure=self._cure,
            ) from None


class _Draft:
    def __init__(self, stream: TextIO, in_plain_words: _InPlainWords) -> None:
        self._stream = stream
        self._in_plain_words = in_plain_words

    def write(self, text: str, /) -> None:
        with self._in_plain_words:
            self._stream.write(text)


def _place(file: Path) -> Path:
    # Links are followed, so that the file they name is replaced and not the link itself.
    place = file.resolve()
    if place.exists() and not place.is_file():
        # A rename would take /dev/null itself away from everybody.
        raise BadInput(f"{file} is a folder or a device", cure="Name a file to be written.")
    return place
