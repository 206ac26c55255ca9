"""The logo of a brand: a picture beside `brand.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from newsletter.composer.kinds.kinds import COLUMN
from newsletter.composer.pictures.opening import require_image
from newsletter.composer.pictures.unusable import UnusableImage
from newsletter.composer.sources.faults import Faults
from newsletter.composer.sources.inside_path import path_fault
from newsletter.composer.sources.toml_source import read_words_table, refuse_unknown
from newsletter.domain.brand import Logo

MAX_BYTES = 1_000_000
_KEYS = ("src", "width", "alt")


def read_logo(table: object, folder: Path, name: Mapping[str, str], faults: Faults) -> Logo | None:
    """The logo that `[logo]` describes, or None when there is none or, with faults, no good one.

    Its `src` is a path inside `folder`, or one for each language; its alt text is the `name` where
    a language is not given.
    """
    if table is None:
        return None
    if not isinstance(table, dict) or not isinstance(table.get("src"), str | dict):
        faults.add(None, "logo.src is missing", 'write [logo] and below it src = "logo.png"')
        return None
    refuse_unknown(table, _KEYS, "logo", faults)
    alt = {**name, **read_words_table(table.get("alt"), "logo.alt", faults)}
    contents = _contents(table["src"], folder, faults)
    width = _width(table.get("width"), faults)
    if contents is None or width is None:
        return None
    return Logo(contents, width, alt)


def _contents(
    src: str | dict[str, str], folder: Path, faults: Faults
) -> Mapping[str, bytes] | None:
    sources = {"": src} if isinstance(src, str) else read_words_table(src, "logo.src", faults)
    read = {language: _content(one, folder, faults) for language, one in sources.items()}
    whole = {language: content for language, content in read.items() if content is not None}
    return whole if whole and len(whole) == len(read) else None


def _width(value: object, faults: Faults) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= COLUMN:
        return value
    cure = f"write the width in pixels at which it is shown, 1 to {COLUMN}: width = 180"
    faults.add(None, "logo.width is missing" if value is None else "logo.width is no width", cure)
    return None


def _content(src: str, folder: Path, faults: Faults) -> bytes | None:
    wrong = path_fault(src)
    file = folder / src
    # X9: a link inside the folder must not lead out of it either.
    if wrong is None and not file.resolve().is_relative_to(folder.resolve()):
        wrong = "leads out of the folder"
    if wrong:
        faults.add(None, f"logo.src {wrong}: {src}", "name a picture beside brand.toml")
        return None
    try:
        content = file.read_bytes()
    except OSError as error:
        cure = "put the picture there, or name another"
        faults.add(None, f"logo.src cannot be read: {src} ({error.strerror})", cure)
        return None
    return content if _is_picture(content, src, faults) else None


def _is_picture(content: bytes, src: str, faults: Faults) -> bool:
    if len(content) > MAX_BYTES:
        size = f"{src} holds {len(content):,} bytes; {MAX_BYTES:,} is the most"
        faults.add(None, f"logo.src: {size}", "save it smaller")
        return False
    try:
        require_image(content)
    except UnusableImage as error:
        faults.add(None, f"logo.src: {src} is {error}", "save it as PNG, JPEG or GIF")
        return False
    return True
