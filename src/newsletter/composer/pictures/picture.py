"""Pictures: how an image is wanted, and the form in which it is published."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from newsletter.domain.compiled import CompiledMedia


@dataclass(frozen=True, slots=True)
class PictureShape:
    """How an image is wanted: `width` CSS pixels wide at most, and cut to the proportions of `crop`
    (width to height), or whole when it is None.

    `focus` is the point that stays in view when it is cut: how far from the left and from the top,
    each 0 to 1.
    """

    width: int
    crop: Fraction | None = None
    focus: tuple[float, float] = (0.5, 0.5)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image ready to be shown: its published form, its address, its size in CSS pixels.

    The rest is for the checks. `wanted_width` is that of the shape. `source_format` is the format
    of the author's file in Pillow's words (JPEG, WEBP, …), `source_bytes` its weight, `source_size`
    its width and height in pixels, the right way up. `is_animated` says that the picture moves, and
    `is_stilled` that the author's file holds more pictures than the one that is shown.
    """

    media: CompiledMedia
    url: str
    width: int
    height: int
    wanted_width: int
    source_format: str
    source_bytes: int
    source_size: tuple[int, int]
    is_animated: bool = False
    is_stilled: bool = False

    @property
    def is_small(self) -> bool:
        """Whether the image has too few pixels to be shown as wide as was wanted."""
        return self.width < self.wanted_width
