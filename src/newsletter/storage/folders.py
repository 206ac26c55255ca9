"""Folders whose entries survive a power cut."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Has the disk keep the names in `folder`, of new files and renamed ones (fsync(2))."""
    # Not every file system can do this for a folder, and the names are there in any case.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
