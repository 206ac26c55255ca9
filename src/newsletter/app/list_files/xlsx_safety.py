"""What a workbook must be before anything in it is unpacked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from newsletter.app.list_files.tables import faulty
from newsletter.domain.errors import FaultyFile

MOST_PARTS = 1000
MOST_UNPACKED = 512 * 2**20
"""Bytes that all parts may have together, unpacked."""
HIGHEST_RATIO = 200
"""How many times as large as the file its parts may be; what programs write stays below 50."""

_SMALL = 2**20
_PROLOG = 512
_PLAIN_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml [^>]{0,200}\?>\s*)?<[A-Za-z_]")
_CURE = "open it in a spreadsheet program and save it as XLSX or as CSV UTF-8"


def check_workbook(file: Path, archive: ZipFile) -> None:
    """Raises FaultyFile for a workbook that would unpack into too much, or whose XML may hold
    declarations of its own, by which a few bytes stand for gigabytes or for another file.

    The sizes are those that the archive states; `zipfile` never unpacks more than these.
    """
    parts = archive.infolist()
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise faulty(file, None, "is a ZIP file and no workbook", "unpack it and name the list")
    _check_sizes(file, parts)
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            _check_prolog(file, archive, part)


def _check_sizes(file: Path, parts: Sequence[ZipInfo]) -> None:
    if len(parts) > MOST_PARTS:
        raise _refused(file, f"has {len(parts):,} parts; at most {MOST_PARTS:,} are read")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED:
        raise _refused(file, f"unpacks to {unpacked // 2**20:,} MB; at most 512 MB are read")
    if unpacked > _SMALL and unpacked > HIGHEST_RATIO * file.stat().st_size:
        raise _refused(file, f"unpacks to more than {HIGHEST_RATIO} times its size")


def _check_prolog(file: Path, archive: ZipFile, part: ZipInfo) -> None:
    # A DOCTYPE stands before the first element, so there is none where that follows at once. UTF-16
    # and comments up there, behind which it could hide, are not written by any program.
    with archive.open(part) as stream:
        if not _PLAIN_PROLOG.match(stream.read(_PROLOG)):
            raise _refused(file, f"its part {part.filename[:80]!r} does not begin as plain XML")


def _refused(file: Path, message: str) -> FaultyFile:
    return faulty(file, None, message, _CURE)
