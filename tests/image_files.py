"""Image files as authors have them, made of pixels by Pillow, and some that no camera makes."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw

from newsletter.composer.pictures.picture import Picture

RED, BLUE = (200, 20, 20), (20, 20, 200)
SECRET = b"somebody's garden"


def file_of(image: Image.Image, file_format: str, **options: object) -> bytes:
    """The image as a file of the format."""
    out = BytesIO()
    image.save(out, file_format, **options)
    return out.getvalue()


def image_in(picture: Picture) -> Image.Image:
    """The published image, unpacked by Pillow."""
    image = Image.open(BytesIO(picture.media.content))
    image.load()
    return image


def a_photo(size: tuple[int, int] = (400, 300), *, grain: int = 8) -> Image.Image:
    """Soft shapes of about `grain` pixels in far more colours than a drawing has."""
    coarse = (size[0] // grain + 2, size[1] // grain + 2)
    return noise(coarse).resize(size, Image.Resampling.BICUBIC)


def noise(size: tuple[int, int]) -> Image.Image:
    """Each pixel in a colour of its own; the same for the same size."""
    return Image.frombytes("RGB", size, random.Random(7).randbytes(size[0] * size[1] * 3))


def a_drawing(size: tuple[int, int] = (400, 300)) -> Image.Image:
    """A blue ground with a red bar: two colours."""
    image = Image.new("RGB", size, BLUE)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 3, size[1] // 4), fill=RED)
    return image


def a_mark(size: tuple[int, int] = (200, 100)) -> Image.Image:
    """A red rectangle, a quarter of the size away from each border; the rest is transparent."""
    width, height = size
    image = Image.new("RGBA", size)
    inner = (width // 4, height // 4, width - width // 4 - 1, height - height // 4 - 1)
    ImageDraw.Draw(image).rectangle(inner, fill=(*RED, 255))
    return image


def two_halves(size: tuple[int, int] = (200, 100)) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, BLUE)
    image.paste(RED, (0, 0, size[0] // 2, size[1]))
    return image


def a_moving_gif(pictures: Sequence[Image.Image] | None = None) -> bytes:
    """A GIF that moves without end, with a comment; each picture stays 100 ms more than the last.

    Without `pictures` there are three, red, blue and green.
    """
    first, *others = pictures or [
        Image.new("RGB", (120, 80), colour) for colour in (RED, BLUE, (0, 90, 0))
    ]
    return file_of(
        first,
        "GIF",
        save_all=True,
        append_images=others,
        duration=[100 * (position + 1) for position in range(1 + len(others))],
        loop=0,
        comment=SECRET,
    )


def png_claiming(
    width: int, height: int, pixels: bytes = bytes(1000), *, comment: bytes = b""
) -> bytes:
    """A PNG whose header says that it has so many pixels, and whose data hold these bytes; the
    comment is packed."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = b"Comment\0\0" + zlib.compress(comment, 9)
    chunks = (
        (b"IHDR", header),
        (b"zTXt", packed),
        (b"IDAT", zlib.compress(pixels, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
