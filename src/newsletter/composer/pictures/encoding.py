"""Pixels as files: the lighter of what keeps a photograph and what keeps a drawing (H16)."""

from __future__ import annotations

import sys
from io import BytesIO

from PIL import Image, ImageChops, ImageStat

HEAVIEST = 200_000
"""How many bytes one image should have at most (H16)."""

_QUALITIES = (82, 75, 68, 61, 54)
"""Of JPEGs: the first, unless it is too heavy; below the last one everybody sees the loss."""

_MANY_COLOURS = 1 << 14
"""More than any drawing has, its smoothed edges counted."""

_SHARPNESS_IS_WORTH = 2
"""How many times heavier than its JPEG, which smears edges, a drawing may be as PNG."""

_UNSEEN, _HARDLY_SEEN = 1.5, 8.0
"""How far, of 255, colours may lie from the true ones in the mean (root of the mean square)."""


def encode(pixels: Image.Image) -> tuple[bytes, str]:
    """The bytes of an image in mode RGB or RGBA and the extension, `png` or `jpg`, of their format.

    PNG where something shows through the image, and for drawings; JPEG for photographs. No metadata
    are written. The same pixels give the same bytes.
    """
    bare = pixels.copy()
    bare.info = {}
    if bare.mode == "RGBA":
        return _see_through_png(bare), "png"
    if bare.getcolors(_MANY_COLOURS) is None:
        return _jpeg(bare), "jpg"
    drawn, photographed = _png(bare), _jpeg(bare)
    if len(drawn) <= min(HEAVIEST, _SHARPNESS_IS_WORTH * len(photographed)):
        return drawn, "png"
    return photographed, "jpg"


def _jpeg(pixels: Image.Image) -> bytes:
    content = b""
    for quality in _QUALITIES:
        content = _saved(pixels, "JPEG", quality=quality, progressive=True)
        if len(content) <= HEAVIEST:
            break
    return content


def _see_through_png(pixels: Image.Image) -> bytes:
    content = _png(pixels)
    if len(content) <= HEAVIEST:
        return content
    nearest = _nearest_palette(pixels)
    return _saved(nearest, "PNG") if _distance(nearest, pixels) <= _HARDLY_SEEN else content


def _png(pixels: Image.Image) -> bytes:
    """With a palette of 256 colours, if nobody sees the difference, or else with all of them."""
    if pixels.mode == "RGBA" and pixels.getcolors(256) is not None:
        return _saved(_own_palette(pixels), "PNG")
    nearest = _nearest_palette(pixels)
    return _saved(nearest if _distance(nearest, pixels) <= _UNSEEN else pixels, "PNG")


def _own_palette(pixels: Image.Image) -> Image.Image:
    """The same see-through image with its own colours as palette, to which Pillow's are only near
    (without transparency they are the same)."""
    values = memoryview(pixels.tobytes()).cast("I")
    # By opacity, for a PNG lists that of each colour up to the last which is not opaque.
    colours = sorted(set(values), key=lambda value: value.to_bytes(4, sys.byteorder)[::-1])
    index = {colour: number for number, colour in enumerate(colours)}
    indexed = Image.frombytes("P", pixels.size, bytes(map(index.__getitem__, values)))
    palette = b"".join(colour.to_bytes(4, sys.byteorder) for colour in colours)
    indexed.putpalette(palette, "RGBA")
    return indexed


def _nearest_palette(pixels: Image.Image) -> Image.Image:
    see_through = pixels.mode == "RGBA"
    method = Image.Quantize.FASTOCTREE if see_through else Image.Quantize.MEDIANCUT
    return pixels.quantize(256, method, dither=Image.Dither.NONE)


def _distance(indexed: Image.Image, pixels: Image.Image) -> float:
    """How far the colours lie apart in the mean, weighed by how opaque they are."""
    weighed = (image.convert("RGBA").convert("RGBa") for image in (indexed, pixels))
    bands = zip(*(image.split() for image in weighed), strict=True)
    squares = [ImageStat.Stat(ImageChops.difference(*pair)).rms[0] ** 2 for pair in bands]
    return float((sum(squares) / len(squares)) ** 0.5)


def _saved(image: Image.Image, file_format: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, file_format, optimize=True, **options)
    return out.getvalue()
