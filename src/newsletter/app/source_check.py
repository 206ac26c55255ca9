"""Whether an edition's file still says what was imported from it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from newsletter.domain.errors import Refused
from newsletter.domain.stored_editions import StoredEdition


def check_source(stored: StoredEdition, *, as_imported: bool) -> None:
    """Raises Refused when the edition's file says something else than what was imported.

    A file that is gone cannot have newer words in it.
    """
    digest = file_digest(Path(stored.source_file))
    if as_imported or digest in (None, stored.source_digest):
        return
    raise Refused(
        f"{stored.source_file} has changed since edition {stored.slug} was imported from it",
        cure=f"Bring the change in with `newsletter edition import {stored.source_file}`,"
        " or go on with what was imported: --as-imported.",
    )


def file_digest(file: Path) -> str | None:
    """SHA-256, in hex, of the file's bytes; None when it cannot be read."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return None
