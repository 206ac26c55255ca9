"""Reading the images that an edition file names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from newsletter.composer.pictures.opening import MAX_BYTES
from newsletter.domain.errors import BadInput


def read_images(folder: Path, sources: Iterable[str]) -> dict[str, bytes]:
    """The bytes of each image that is there, by its `src`; one that is not is left out.

    A name that leads out of `folder`, by `..` or by a link, counts as not there (X9). Of a file
    that is too large for an image no more is read than shows that it is. Raises BadInput when a
    file cannot be read.
    """
    root = folder.resolve()
    found = {}
    for source in sources:
        file = _inside(root, source)
        if file is not None:
            found[source] = _beginning(file, source)
    return found


def refuse_too_large(images: Mapping[str, bytes]) -> None:
    """Raises BadInput for an image that `read_images` did not read to its end: what is kept in the
    database, and given out again, must be whole."""
    for source, content in images.items():
        if len(content) > MAX_BYTES:
            raise BadInput(
                f"the image {source} is larger than {MAX_BYTES // 1_000_000} MB",
                cure="Save it smaller: 1,152 pixels are wide enough.",
            )


def _inside(root: Path, source: str) -> Path | None:
    try:
        file = (root / source).resolve()
        return file if file.is_relative_to(root) and file.is_file() else None
    except (OSError, RuntimeError, ValueError):
        return None  # A name that no file can have, or links that lead in a circle.


def _beginning(file: Path, source: str) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadInput(
            f"cannot read the image {source}: {error.strerror}",
            cure="Give yourself the right to read it, or name another.",
        ) from None
