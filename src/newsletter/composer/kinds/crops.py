"""Proportions to which an image is cut, and the point in it that stays in view."""

from __future__ import annotations

import re
from fractions import Fraction

_CROP = re.compile(r"([1-9][0-9]?):([1-9][0-9]?)")
_FOCUS = re.compile(r"([0-9]{1,3})% ([0-9]{1,3})%")
_NARROWEST, _WIDEST = Fraction(1, 4), Fraction(6)


def read_crop(text: str) -> Fraction | None:
    """Width to height from `3:2`; None for what is not proportions, or no picture's."""
    found = _CROP.fullmatch(text)
    crop = Fraction(int(found[1]), int(found[2])) if found else None
    return crop if crop and _NARROWEST <= crop <= _WIDEST else None


def read_focus(text: str) -> tuple[float, float] | None:
    """A point from `50% 30%`, how far from the left and from the top: (0.5, 0.3); else None."""
    found = _FOCUS.fullmatch(text)
    if not found or max(int(found[1]), int(found[2])) > 100:
        return None
    return int(found[1]) / 100, int(found[2]) / 100
