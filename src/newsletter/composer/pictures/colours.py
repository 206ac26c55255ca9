"""The colours of images: channels as screens show them, in sRGB."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image, ImageCms

from newsletter.composer.pictures.unusable import ImageFault, UnusableImage

_MEASUREMENTS = ("F", "I")
"""The modes of Pillow whose values have no bounds, so that none is black or white."""


def as_channels(image: Image.Image) -> Image.Image:
    """The loaded image in mode L, RGB, CMYK or, if anything shows through it, RGBA.

    Raises UnusableImage when it does not hold colours.
    """
    if image.mode in _MEASUREMENTS:
        raise UnusableImage(ImageFault.UNKNOWN_FORMAT, "an image of measurements, not of colours")
    if image.mode.startswith("I;16"):
        # Pillow would cut off all that is brighter than 255 of 65,535.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return _without_needless_alpha(image.convert("RGBA"))
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The image of `as_channels` in sRGB, mode RGB or RGBA, its `profile` applied.

    `profile` is an ICC profile; one that cannot be used is passed over, as browsers do. Colours
    that nobody sees, since they are transparent, are not published either: they become black.
    """
    if profile:
        image = _by_profile(image, profile)
    if image.mode == "RGBA":
        return Image.alpha_composite(Image.new("RGBA", image.size), image)
    return image.convert("RGB")


def _without_needless_alpha(image: Image.Image) -> Image.Image:
    is_opaque = image.getchannel("A").getextrema() == (255, 255)
    return image.convert("RGB") if is_opaque else image


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image:
    opaque = image.convert("RGB") if image.mode == "RGBA" else image
    try:
        own = ImageCms.getOpenProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(opaque, own, _srgb(), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    if converted is None:
        return image
    if image.mode == "RGBA":
        converted.putalpha(image.getchannel("A"))
    return converted


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
