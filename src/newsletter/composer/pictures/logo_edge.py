"""An edge around a logo, by which it is seen on a dark ground as well (H17)."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageFilter

_SMOOTHING = ImageFilter.GaussianBlur(0.7)
_SIXTEEN_STEPS = [round(value / 17) * 17 for value in range(256)]
"""Opacities in steps that nobody sees, so that logo and edge share a palette of 256 colours."""


def with_edge(pixels: Image.Image, colour: str, thickness: int) -> Image.Image:
    """The see-through image, mode RGBA, with an edge of `colour`, `#rrggbb`, behind its opaque
    parts that is `thickness` pixels wide all around them; it grows by as much on each side.

    On a ground of that colour the edge is not seen.
    """
    width, height = pixels.size
    size = (width + 2 * thickness, height + 2 * thickness)
    padded = Image.new("RGBA", size)
    padded.paste(pixels, (thickness, thickness))
    edge = Image.new("RGBA", size, colour)
    outline = _widened(padded.getchannel("A"), thickness).filter(_SMOOTHING)
    edge.putalpha(outline.point(_SIXTEEN_STEPS))
    return Image.alpha_composite(edge, padded)


def _widened(mask: Image.Image, radius: int) -> Image.Image:
    """The mask wherever a disc of `radius` pixels around the place meets it."""
    widened = mask
    reach = range(-radius, radius + 1)
    for right, down in ((right, down) for right in reach for down in reach):
        if right**2 + down**2 <= radius**2:
            # What is shifted out on one side comes in on the other, where there is only padding.
            widened = ImageChops.lighter(widened, ImageChops.offset(mask, right, down))
    return widened
