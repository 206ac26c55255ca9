"""From the bytes of an image to the picture that mails show (H16, X9)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from hashlib import sha256

from newsletter.composer.pictures.animations import Animation, read_animation
from newsletter.composer.pictures.encoding import encode
from newsletter.composer.pictures.framing import shown_size
from newsletter.composer.pictures.kept_pictures import KeptPictures
from newsletter.composer.pictures.logo_edge import with_edge
from newsletter.composer.pictures.picture import Picture, PictureShape
from newsletter.composer.pictures.stills import Still, read_still
from newsletter.composer.pictures.unusable import UnusableImage
from newsletter.domain.compiled import CompiledMedia

__all__ = ["Picture", "PictureShape", "UnusableImage", "read_logo_picture", "read_picture"]

_EDGE = 2
"""The thickness of a logo's edge in CSS pixels."""

_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}
"""What every mail program shows: SVG and WebP fail in Gmail and in classic Outlook (H16)."""

_KEPT = KeptPictures(most_bytes=64_000_000)


def read_picture(content: bytes, media_url: str, shape: PictureShape) -> Picture:
    """The image in `content` in the shape, encoded anew without metadata, under `media_url`.

    A GIF that moves keeps its pictures as they are, and so is not cut. Raises UnusableImage.
    """
    key = (sha256(content).digest(), shape)
    return _under(media_url, _KEPT.picture(key, partial(_picture, content, shape)))


def read_logo_picture(content: bytes, media_url: str, width: int, edge: str) -> Picture:
    """The logo in `content`, `width` CSS pixels wide at most, under `media_url`.

    One that is transparent gets an edge of the colour `edge`, `#rrggbb`, around what is not, and is
    as much wider on both sides (H17). Raises UnusableImage.
    """
    key = (sha256(content).digest(), width, edge)
    return _under(media_url, _KEPT.picture(key, partial(_logo, content, width, edge)))


def _under(media_url: str, picture: Picture) -> Picture:
    return replace(picture, url=f"{media_url.rstrip('/')}/{picture.media.name}")


def _picture(content: bytes, shape: PictureShape) -> Picture:
    animation = read_animation(content)
    if animation is not None:
        return _moving(content, animation, shape.width)
    still = read_still(content, shape)
    return _still(content, still, shape.width)


def _logo(content: bytes, width: int, edge: str) -> Picture:
    animation = read_animation(content)
    if animation is not None:
        return _moving(content, animation, width)
    still = read_still(content, PictureShape(width))
    if still.pixels.mode != "RGBA":
        return _still(content, still, width)
    density = still.pixels.width / shown_size(still.pixels.size, width)[0]
    edged = with_edge(still.pixels, edge, max(1, round(_EDGE * density)))
    return _still(content, replace(still, pixels=edged), width + 2 * _EDGE)


def _moving(content: bytes, animation: Animation, wanted_width: int) -> Picture:
    width, height = shown_size(animation.size, wanted_width)
    return Picture(
        media=_media(animation.content, "gif"),
        url="",
        width=width,
        height=height,
        wanted_width=wanted_width,
        source_format="GIF",
        source_bytes=len(content),
        source_size=animation.size,
        is_animated=True,
    )


def _still(content: bytes, still: Still, wanted_width: int) -> Picture:
    width, height = shown_size(still.pixels.size, wanted_width)
    return Picture(
        media=_media(*encode(still.pixels)),
        url="",
        width=width,
        height=height,
        wanted_width=wanted_width,
        source_format=still.file_format,
        source_bytes=len(content),
        source_size=still.file_size,
        is_stilled=still.has_more,
    )


def _media(content: bytes, extension: str) -> CompiledMedia:
    name = f"{sha256(content).hexdigest()[:32]}.{extension}"
    return CompiledMedia(name, _TYPES[extension], content)
