"""Paths that authors write: they stay inside the folder of the file that names them (X9)."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def path_fault(path: str) -> str | None:
    """What keeps `path` from naming a file inside a folder, or None when nothing does.

    Looks at the words alone. Whoever opens the file follows links, so it asks `is_relative_to` too.
    """
    if not path.strip() or PurePosixPath(path) == PurePosixPath():
        return "is empty"
    if _SCHEME.match(path) or path.startswith("//"):
        return "is an address, not a file"
    if "\\" in path:
        return "has a backslash"
    if path.startswith("/"):
        return "starts at the root of the disk"
    if ".." in PurePosixPath(path).parts:
        return "leads out of the folder"
    return None
