"""How well one colour can be read on another: the contrast ratio of WCAG 2.2."""

from __future__ import annotations

from functools import lru_cache

AA_TEXT = 4.5
"""The least ratio for text of ordinary size: success criterion 1.4.3, level AA."""

AA_LARGE_TEXT = 3.0
"""The same for text of 24 px or more, or of 18.66 px or more in bold."""


@lru_cache(maxsize=1024)
def contrast_ratio(first: str, second: str) -> float:
    """The ratio of two `#rrggbb` colours, from 1 (equal) to 21 (black and white)."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
