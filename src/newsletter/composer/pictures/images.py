"""Images: what they are, and under which name they are published."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from newsletter.domain.compiled import CompiledMedia

_TYPES = {
    "PNG": ("png", "image/png"),
    "JPEG": ("jpg", "image/jpeg"),
    "MPO": ("jpg", "image/jpeg"),  # what some cameras write: a JPEG with more pictures behind it
    "GIF": ("gif", "image/gif"),
}
"""What every mail client shows: SVG and WebP fail in Gmail and in classic Outlook (H16)."""

_READABLE = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
"""What is read at all: the last ones only so as to name them to the author."""

COLUMN = 576
"""The width of the text column in CSS pixels: 640 less two gutters of 32."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image ready to be shown: its published form, its address, its shown size in CSS pixels."""

    media: CompiledMedia
    url: str
    width: int
    height: int


class UnusableImage(Exception):
    """The bytes are not a PNG, JPEG or GIF image; the message names what they are, if known."""


@dataclass(frozen=True, slots=True)
class PictureShape:
    """How an image is shown."""

    width: int = COLUMN
    crop: Fraction | None = None
    focus: tuple[float, float] = (0.5, 0.5)


def read_picture(content: bytes, media_url: str, shape: PictureShape) -> Picture:
    """The image in `content` in the shape, under the hash of its bytes. Raises UnusableImage."""
    file_format, natural_width, natural_height = measure(content)
    extension, media_type = _TYPES[file_format]
    name = f"{sha256(content).hexdigest()[:32]}.{extension}"
    shown = min(shape.width, natural_width)
    return Picture(
        CompiledMedia(name, media_type, content),
        url=f"{media_url.rstrip('/')}/{name}",
        width=shown,
        height=max(1, round(natural_height * shown / natural_width)),
    )


def read_logo_picture(content: bytes, media_url: str, width: int, edge: str) -> Picture:
    """The logo. Raises UnusableImage."""
    return read_picture(content, media_url, PictureShape(width))


def measure(content: bytes) -> tuple[str, int, int]:
    """The format of an image, in Pillow's words, and its width and height in pixels.

    All of it is unpacked, for one that was cut off shows only then. Raises UnusableImage.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=_READABLE) as image:
                file_format = image.format or "strange"
                if file_format not in _TYPES:
                    raise UnusableImage(f"a {file_format} image")
                image.load()
                return file_format, *image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnusableImage("an image of too many pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        # SyntaxError is what Pillow raises at a broken PNG.
        raise UnusableImage("not an image that can be read") from error
