"""Reading the images that an edition file names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def read_images(folder: Path, sources: Iterable[str]) -> dict[str, bytes]:
    """The bytes of each image that is there, by its `src`; one that is not is left out.

    A name that leads out of `folder`, by `..` or by a link, counts as not there (X9).
    """
    root = folder.resolve()
    found = {}
    for source in sources:
        file = (root / source).resolve()
        if file.is_relative_to(root) and file.is_file():
            found[source] = file.read_bytes()
    return found
