"""Opening images within limits, whatever their bytes claim (X9)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image

from newsletter.composer.pictures.file_types import other_type, readable_type
from newsletter.composer.pictures.unusable import ImageFault, UnusableImage

MAX_BYTES = 10_000_000
"""The heaviest file that is opened."""

MAX_PIXELS = 40_000_000
"""The largest image that is unpacked, all of its pictures together when it moves."""

_LONGEST_SIDE = 65_000
"""No JPEG is longer than 65,500 pixels, and all that is read may become one."""

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")


@contextmanager
def opened(content: bytes) -> Iterator[Image.Image]:
    """The image in `content`, of which only the header has been read; its pixels are yet to load.

    Raises UnusableImage when it is of no format read here or has more than MAX_BYTES or MAX_PIXELS,
    and instead of anything that Pillow raises inside the block.
    """
    known = _readable(content)
    with warnings.catch_warnings():
        # Pillow says more than an author can use; what matters it raises.
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(content), formats=_FORMATS) as image:
                refuse_too_many_pixels(image.size)
                yield image
        except UnusableImage:
            raise
        except Image.DecompressionBombError as error:
            raise _too_many_pixels(f"more than {MAX_PIXELS:,} pixels") from error
        except Exception as error:
            # Decoders raise anything at all at bytes that someone has tampered with.
            raise broken(known) from error


def require_image(content: bytes) -> None:
    """Unpacks all of the image, for one that was cut off shows only then. Raises UnusableImage."""
    with opened(content) as image:
        image.load()


def refuse_too_many_pixels(size: tuple[int, int], pictures: int = 1) -> None:
    """Raises UnusableImage when so many pictures of `size` pixels are more than is unpacked."""
    width, height = size
    if max(size) > _LONGEST_SIDE:
        raise _too_many_pixels(
            f"{width:,} x {height:,} pixels; {_LONGEST_SIDE:,} on a side are the most"
        )
    if width * height * pictures > MAX_PIXELS:
        count = f"{pictures:,} x " if pictures > 1 else ""
        raise _too_many_pixels(
            f"{count}{width:,} x {height:,} pixels; {MAX_PIXELS:,} together are the most"
        )


def broken(known: str) -> UnusableImage:
    """The error for an image of a `known` type, as in `a PNG image`, that does not unpack."""
    return UnusableImage(ImageFault.BROKEN, f"{known} that is broken or was cut off")


def _readable(content: bytes) -> str:
    known = readable_type(content)
    if known is None:
        raise UnusableImage(ImageFault.UNKNOWN_FORMAT, other_type(content))
    if len(content) > MAX_BYTES:
        what = f"{known} of more than {MAX_BYTES:,} bytes"
        raise UnusableImage(ImageFault.TOO_MANY_BYTES, what)
    return known


def _too_many_pixels(how_many: str) -> UnusableImage:
    return UnusableImage(ImageFault.TOO_MANY_PIXELS, f"an image of {how_many}")
