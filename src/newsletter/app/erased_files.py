"""Taking an address out of the files that the program writes beside its database."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from email.policy import compat32
from pathlib import Path

from newsletter.app.private_file import private_file
from newsletter.domain.errors import SurroundingsFailed

_CURE = "Look at who may write there, and erase the address once more."
_HEAD_BYTES = 64 * 2**10
"""More than any head of a message of ours."""


@dataclass(slots=True)
class CleanedFiles:
    """What was taken out: rows of rejected lists, and whole files (`removed`, by their paths)."""

    rows: int = 0
    removed: list[str] = field(default_factory=list)


class Needle:
    """Finds one address, in any of its forms, among other words and other addresses."""

    def __init__(self, forms: Collection[str]) -> None:
        listed = "|".join(sorted(re.escape(form.lower()) for form in forms))
        self._pattern = re.compile(rf"(?<![\w.+-])(?:{listed})(?!\w|[.-]\w)")

    def is_in(self, text: str) -> bool:
        """Whether the text holds the address, in capitals or not."""
        return self._pattern.search(text.lower()) is not None


def clean_files(data_folder: Path, needle: Needle) -> CleanedFiles:
    """Takes the address out of the rejected rows of imports, the outbox and what `compose` wrote.

    Raises SurroundingsFailed, naming the file, when one can be neither read nor changed; what was
    cleaned before stays clean.
    """
    cleaned = CleanedFiles()
    for file in _files(data_folder / "imports", "*.csv"):
        with _told(file):
            _clean_rows(file, needle, cleaned)
    for file in (
        *_files(data_folder / "outbox", "*"),
        *_files(data_folder / "compose", "*"),
    ):
        with _told(file):
            if _is_of(file, needle):
                file.unlink()
                cleaned.removed.append(str(file))
    return cleaned


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SurroundingsFailed(
            f"what it holds of the person cannot be taken out: {error.strerror}",
            where=str(file),
            cure=_CURE,
        ) from None


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob(pattern)) if file.is_file())


def _clean_rows(file: Path, needle: Needle, cleaned: CleanedFiles) -> None:
    text = file.read_bytes().decode("utf-8", "replace")
    if not needle.is_in(text):
        return
    header, *rows = _rows(text)
    kept = [row for row in rows if not any(needle.is_in(cell) for cell in row)]
    if not kept or needle.is_in(" ".join(header)):
        file.unlink()
        cleaned.removed.append(str(file))
        return
    with private_file(file, what="the rejected rows", cure=_CURE) as out:
        csv.writer(out).writerows([header, *kept])
    cleaned.rows += len(rows) - len(kept)


def _rows(text: str) -> list[list[str]]:
    """The file's rows; of one that is no CSV (any more) a single one, so that all of it goes."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return [[text]]


def _is_of(file: Path, needle: Needle) -> bool:
    if file.suffix in {".html", ".txt"}:
        return needle.is_in(file.read_text(encoding="utf-8", errors="replace"))
    with file.open("rb") as stream:
        head = stream.read(_HEAD_BYTES).replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    to = BytesHeaderParser(policy=compat32).parsebytes(head).get_all("To", [])
    return any(needle.is_in(str(one)) for one in to)
