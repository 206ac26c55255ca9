"""The colour nearest to one that cannot be read, which can: what an author is told to write."""

from __future__ import annotations

import colorsys

from newsletter.composer.brands.contrast import contrast_ratio

_STEPS = 200


def nearest_readable(colour: str, ground: str, least: float) -> str:
    """The colour of the same hue as `colour`, `#rrggbb`, that differs least in lightness and has a
    contrast of `least` or more on `ground`; `colour` itself when it has.

    Black or white when no lightness of the hue is enough, whichever is read better.
    """
    if contrast_ratio(colour, ground) >= least:
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    for step in range(1, _STEPS + 1):
        for moved in (lightness - step / _STEPS, lightness + step / _STEPS):
            if 0 <= moved <= 1:
                candidate = _written(colorsys.hls_to_rgb(hue, moved, saturation))
                if contrast_ratio(candidate, ground) >= least:
                    return candidate
    return max(("#000000", "#ffffff"), key=lambda extreme: contrast_ratio(extreme, ground))


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _written(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
