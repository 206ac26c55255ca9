"""Where an image is cut, and how many pixels it keeps: arithmetic alone."""

from __future__ import annotations

from typing import TypeAlias

from newsletter.composer.pictures.picture import PictureShape

_DENSITY = 2
"""Pixels for each CSS pixel at most: what phones show (H16)."""

Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""


def crop_box(size: tuple[int, int], shape: PictureShape) -> Box:
    """The part of an image of `size` pixels that has the shape's proportions: as large as there is
    room for, with the focus in its middle, or as near to it as the borders let it be."""
    width, height = size
    if shape.crop is None:
        return 0, 0, width, height
    cut_width = min(width, max(1, round(height * shape.crop)))
    cut_height = min(height, max(1, round(width / shape.crop)))
    left = _start(width, cut_width, shape.focus[0])
    top = _start(height, cut_height, shape.focus[1])
    return left, top, left + cut_width, top + cut_height


def shown_size(size: tuple[int, int], wanted_width: int) -> tuple[int, int]:
    """The size in CSS pixels at which `size` pixels are shown: never more than there are."""
    return _scaled(size, wanted_width)


def kept_size(size: tuple[int, int], wanted_width: int) -> tuple[int, int]:
    """How many of `size` pixels are kept: double density at most, and never more than there are."""
    return _scaled(size, _DENSITY * wanted_width)


def size_of(box: Box) -> tuple[int, int]:
    """Width and height of a box."""
    left, top, right, bottom = box
    return right - left, bottom - top


def _scaled(size: tuple[int, int], widest: int) -> tuple[int, int]:
    width, height = size
    narrowed = min(width, widest)
    return narrowed, max(1, round(height * narrowed / width))


def _start(length: int, cut: int, focus: float) -> int:
    return max(0, min(length - cut, round(length * focus - cut / 2)))
