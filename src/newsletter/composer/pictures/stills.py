"""Still images as pixels: upright, cut, scaled and in sRGB."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PIL import Image

from newsletter.composer.pictures.colours import as_channels, in_srgb
from newsletter.composer.pictures.framing import crop_box, kept_size, size_of
from newsletter.composer.pictures.opening import opened
from newsletter.composer.pictures.orientation import orientation_of, upright, upright_size
from newsletter.composer.pictures.picture import PictureShape

_ROOM_TO_SCALE = 1.25
"""How much larger than needed a JPEG is unpacked at least, so that scaling it keeps it sharp."""


@dataclass(frozen=True, slots=True)
class Still:
    """Pixels in mode RGB or RGBA, and what the file was that they come from.

    `file_size` is the width and height of the whole image, upright. `has_more` says that the file
    holds more pictures than this one: it moves, or has pages.
    """

    pixels: Image.Image
    file_format: str
    file_size: tuple[int, int]
    has_more: bool


def read_still(content: bytes, shape: PictureShape) -> Still:
    """The image in `content`, cut to the shape, at double its width at most (H16).

    Raises UnusableImage.
    """
    with opened(content) as image:
        orientation = orientation_of(image)
        size = upright_size(image.size, orientation)
        _unpack(image, size, shape)
        profile = image.info.get("icc_profile")
        cut = _cut_and_scaled(as_channels(upright(image, orientation)), shape)
        return Still(in_srgb(cut, profile), image.format or "", size, _has_more(image))


def _unpack(image: Image.Image, size: tuple[int, int], shape: PictureShape) -> None:
    """A JPEG comes out at a half, a quarter or an eighth, where that is enough, in less time."""
    cut = size_of(crop_box(size, shape))
    part = min(1, _ROOM_TO_SCALE * kept_size(cut, shape.width)[0] / cut[0])
    image.draft(None, (math.ceil(image.width * part), math.ceil(image.height * part)))
    image.load()


def _cut_and_scaled(image: Image.Image, shape: PictureShape) -> Image.Image:
    box = crop_box(image.size, shape)
    size = kept_size(size_of(box), shape.width)
    if size == size_of(box):
        return image.crop(box)
    # Halving and the like is many times faster, and leaves enough for the better filter.
    factor = max(1, size_of(box)[0] // size[0] // 2)
    return image.reduce(factor, box).resize(size, Image.Resampling.LANCZOS)


def _has_more(image: Image.Image) -> bool:
    # The further pictures in a camera's JPEG are previews of the first.
    return image.format != "MPO" and bool(getattr(image, "is_animated", False))
