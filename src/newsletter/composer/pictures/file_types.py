"""What a file is, by the bytes that it begins with, in words for its author."""

from __future__ import annotations

import re
from collections.abc import Iterable

_READABLE = (
    (rb"\x89PNG", "a PNG image"),
    (rb"\xff\xd8\xff", "a JPEG image"),
    (rb"GIF8", "a GIF image"),
    (rb"RIFF.{4}WEBP", "a WebP image"),
    (rb"BM.{4}\0{4}", "a BMP image"),
    (rb"II[*+]\0|MM\0[*+]", "a TIFF image"),
    (rb".{4}ftypavi[fs]", "an AVIF image"),
)

_OTHERS = (
    (rb"\s*<(?:!doctype )?html", "a web page"),
    (rb"(?:\xef\xbb\xbf)?\s*<(?:.{0,1900}?<)?(?:\w{1,20}:)?svg\b", "an SVG drawing"),
    (rb"\x1f\x8b", "a compressed file, such as an SVG drawing in SVGZ"),
    (rb".{4}ftyp(?:hei|hev|mif1|msf1)", "a HEIC photo"),
    (rb".{4}ftyp|\x1aE\xdf\xa3", "a film"),
    (rb"%PDF", "a PDF"),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "a PostScript drawing"),
    (rb"8BPS", "a Photoshop image"),
    (rb"\0\0\x01\0", "an icon file"),
    (rb"\0\0\0\x0cjP|\xff\x4f\xff\x51", "a JPEG 2000 image"),
    (rb"\0\0\0\x0cJXL|\xff\x0a", "a JPEG XL image"),
    (rb"\x01\0\0\0.{36} EMF|\xd7\xcd\xc6\x9a", "a Windows metafile"),
    (rb"PK\x03\x04", "an archive, such as a ZIP file or an office document"),
    (rb"\xd0\xcf\x11\xe0", "an old office document"),
)

_BEGINNING = 2000
"""How many bytes are looked at: an SVG drawing may begin with a licence."""


def readable_type(content: bytes) -> str | None:
    """`a PNG image` and the like when the file begins as an image that is read here, or None."""
    return _first(_READABLE, content)


def other_type(content: bytes) -> str:
    """What a file is that is no image read here, as in `a PDF`, as far as it can be told."""
    if not content:
        return "an empty file"
    return _first(_OTHERS, content) or ("text" if _is_text(content) else "of no format known here")


def _first(types: Iterable[tuple[bytes, str]], content: bytes) -> str | None:
    beginning = content[:_BEGINNING]
    flags = re.DOTALL | re.IGNORECASE
    return next((name for pattern, name in types if re.match(pattern, beginning, flags)), None)


def _is_text(content: bytes) -> bool:
    beginning = content[:_BEGINNING]
    text = beginning.decode("utf-8", errors="ignore")
    # The last character may be cut in two.
    return "\0" not in text and len(beginning) - len(text.encode()) <= 3
