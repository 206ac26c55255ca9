"""Publishing the files that mails point to, so that they are there before any mail is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from newsletter.domain.compiled import CompiledMedia
from newsletter.domain.errors import SurroundingsFailed


def publish(folder: Path, files: Iterable[CompiledMedia]) -> None:
    """Writes the files into `folder`, each under the name that its content gives it; raises
    SurroundingsFailed when the disk does not let us."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            draft = folder / f"{file.name}.draft"
            draft.write_bytes(file.content)
            draft.replace(folder / file.name)  # whole or not at all, for who reads it meanwhile
    except OSError as error:
        raise SurroundingsFailed(f"cannot write to {folder}: {error.strerror}") from None
