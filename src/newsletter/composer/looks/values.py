"""What values of CSS come to: colours as `#rrggbb`, lengths in CSS pixels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from tinycss2.color4 import Color, parse_color

_LENGTH = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(px|pt|em|rem|%)")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "rem": 16.0}


def is_colour(value: str) -> bool:
    """Whether `value` is a colour of its own, and not where to take one from."""
    return isinstance(parse_color(value), Color)


@lru_cache(maxsize=1024)
def colour_on(value: str, ground: str | None) -> str | None:
    """What the colour `value` looks like on `ground`, both and the result as `#rrggbb`.

    None where that is not known. A colour that lets its ground through mixes with it.
    """
    read = parse_color(value)
    if not isinstance(read, Color) or read.space not in {"srgb", "hsl", "hwb"}:
        return None
    channels, alpha = read.to("srgb").coordinates, read.alpha
    if alpha >= 1:
        return _written(channels)
    if ground is None:
        return None
    behind = [int(ground[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    pairs = zip(channels, behind, strict=True)
    return _written(front * alpha + back * (1 - alpha) for front, back in pairs)


@lru_cache(maxsize=1024)
def pixels(value: str, whole: float) -> float | None:
    """A length, of which 1 em and 100 % are `whole`; None for what is no length."""
    if value == "0":
        return 0.0
    found = _LENGTH.fullmatch(value)
    if found is None:
        return None
    number, unit = float(found[1]), found[2]
    return number * whole / 100 if unit == "%" else number * _PIXELS.get(unit, whole)


def _written(channels: Iterable[float | None]) -> str:
    shades = (round(min(max(channel or 0, 0), 1) * 255) for channel in channels)
    return "#" + "".join(f"{shade:02x}" for shade in shades)
