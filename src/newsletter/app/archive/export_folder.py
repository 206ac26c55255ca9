"""A folder that the archive is written into, again and again, and nothing else is.

A file of its own in it tells that it is one, which files are the program's, and whether they are
all there: whoever copies the folder on looks there first.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from newsletter.domain.errors import BadInput, SurroundingsFailed
from newsletter.storage.folders import sync_folder

MARKER = "newsletter-archive.json"
"""The file that tells of the others."""

_FORMAT = "newsletter-archive"
_VERSION = 1
_LAST = "index.html"


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of it: how many files there are now, how many of those are new or have changed, how
    many went away."""

    files: int
    written: int
    removed: int


@dataclass(frozen=True, slots=True)
class ExportFolder:
    """The folder at `path`, and the files in it that an earlier export wrote."""

    path: Path
    earlier: frozenset[str]

    def compare(self, names: Collection[str], content: Callable[[str], bytes]) -> Exported:
        """What `write` would come to; touches nothing."""
        written = sum(self._differs(name, content(name)) for name in names)
        return Exported(len(names), written, len(self.earlier.difference(names)))

    def write(
        self,
        names: Collection[str],
        content: Callable[[str], bytes],
        told: Callable[[int, int], object],
    ) -> Exported:
        """Makes the folder hold exactly these files, beside those that somebody else put there; a
        file that is as it should be is not touched.

        The root's index comes last, and until all is done the marker says that it is not. `told`
        is told how many files are looked at, of how many. Raises SurroundingsFailed when the disk
        does not take them.
        """
        gone = self.earlier.difference(names)
        with _disk_to_blame(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            self._mark(self.earlier.union(names), complete=False)
            written = 0
            for number, name in enumerate(_in_order(names), 1):
                written += self._put(name, content(name))
                told(number, len(names))
            for name in gone:
                self._remove(name)
            self._mark(names, complete=True)
        return Exported(len(names), written, len(gone))

    def _put(self, name: str, data: bytes) -> bool:
        if not self._differs(name, data):
            return False
        file = self._place(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        self._check_inside(file)
        _replace(file, data)
        return True

    def _differs(self, name: str, data: bytes) -> bool:
        try:
            return self._place(name).read_bytes() != data
        except (FileNotFoundError, NotADirectoryError):
            return True

    def _remove(self, name: str) -> None:
        file = self._place(name)
        self._check_inside(file)
        file.unlink(missing_ok=True)
        for folder in file.relative_to(self.path).parents[:-1]:
            with suppress(OSError):  # somebody else has put something there
                (self.path / folder).rmdir()

    def _mark(self, names: Iterable[str], *, complete: bool) -> None:
        marker = {
            "format": _FORMAT,
            "version": _VERSION,
            "complete": complete,
            "files": sorted(names),
        }
        _replace(self.path / MARKER, (json.dumps(marker, indent=1) + "\n").encode())
        sync_folder(self.path)

    def _place(self, name: str) -> Path:
        return self.path.joinpath(*PurePosixPath(name).parts)

    def _check_inside(self, file: Path) -> None:
        """Raises BadInput when a link inside the folder leads out of it."""
        if not file.parent.resolve().is_relative_to(self.path.resolve()):
            raise BadInput(
                f"{file.parent} is a link that leads out of the folder",
                cure="Take the link away, or export into another folder.",
            )


def open_folder(path: Path) -> ExportFolder:
    """The folder to export into: a new one, an empty one, or one that an export has made.

    Raises BadInput for any other, of which nothing is touched.
    """
    with _disk_to_blame(path):
        if not path.exists():
            return ExportFolder(path, frozenset())
        if not path.is_dir():
            raise BadInput(f"{path} is no folder", cure="Name a folder that is new or empty.")
        if (path / MARKER).is_file():
            return ExportFolder(path, _files_of(path / MARKER))
        if any(path.iterdir()):
            raise BadInput(
                f"{path} holds something else than an archive",
                cure="Name a folder that is new or empty, or one that the archive was exported to.",
            )
        return ExportFolder(path, frozenset())


def _files_of(marker: Path) -> frozenset[str]:
    try:
        found: Any = json.loads(marker.read_text(encoding="utf-8"))
        is_ours = found["format"] == _FORMAT and found["version"] == _VERSION
        names = frozenset(found["files"])
    except (ValueError, KeyError, TypeError):
        is_ours, names = False, frozenset()
    if not is_ours or not all(map(_is_inside, names)):
        raise BadInput(
            f"{marker} is not as an export writes it",
            cure="Export into a new folder.",
        )
    return names


def _is_inside(name: object) -> bool:
    """Whether a name is a relative path that stays in its folder."""
    if not isinstance(name, str) or not name or "\0" in name:
        return False
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.parts != ()


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (name == _LAST, name))


def _replace(file: Path, data: bytes) -> None:
    """Writes a file that is there whole or not at all."""
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            if file.name == MARKER:
                stream.flush()
                os.fsync(descriptor)
        draft.chmod(0o644)  # a web server is to read it
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _disk_to_blame(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SurroundingsFailed(
            f"the archive cannot be written: {error.strerror}",
            where=str(error.filename or folder),
            cure="See that there is room and that the folder may be written to, then run this"
            " again: it goes on where it stopped.",
        ) from None
