"""What images weigh and what they are made of: image-weight, image-small, image-format."""

from __future__ import annotations

from collections.abc import Iterable

from newsletter.composer.findings.findings import FindingList, Place
from newsletter.composer.reading.passages import ShownImage

_HEAVIEST = 200
_HEAVIEST_ANIMATION = 1000
_HEAVIEST_EDITION = 800
"""The limits in kB, of a thousand bytes (H16)."""

_SHOWN_EVERYWHERE = frozenset({"PNG", "JPEG", "GIF", "MPO"})
_NAMES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF"}

_DENSITY = 2
"""How many pixels a phone shows for one of the page's."""


def check_image_files(images: Iterable[ShownImage], language: str, findings: FindingList) -> None:
    """Look over each image as it is sent, and over all of them together, each file once."""
    weights: dict[str, int] = {}
    for image in images:
        media = image.picture.media
        weights[media.name] = len(media.content)
        _check_weight(image, findings)
        _check_size(image, findings)
        _check_format(image, findings)
    together = sum(weights.values())
    if together > _HEAVIEST_EDITION * 1000:
        weight, most = round(together / 1000), _HEAVIEST_EDITION
        place = Place(language)
        findings.add("image-weight", "heavy-edition", place, weight=weight, most=most)


def _check_weight(image: ShownImage, findings: FindingList) -> None:
    case, most = "heavy", _HEAVIEST
    if image.picture.is_animated:
        case, most = "heavy-animation", _HEAVIEST_ANIMATION
    weight = len(image.picture.media.content)
    if weight > most * 1000:
        findings.add(
            "image-weight",
            case,
            image.place,
            src=image.source,
            weight=round(weight / 1000),
            most=most,
        )


def _check_size(image: ShownImage, findings: FindingList) -> None:
    picture = image.picture
    if picture.is_small:
        findings.add(
            "image-small",
            "narrow",
            image.place,
            src=image.source,
            shown=picture.width,
            room=picture.wanted_width,
            wanted=_DENSITY * picture.wanted_width,
        )


def _check_format(image: ShownImage, findings: FindingList) -> None:
    picture, src = image.picture, image.source
    if picture.is_stilled:
        findings.add("image-format", "stilled", image.place, src=src, format=picture.source_format)
    if picture.source_format not in _SHOWN_EVERYWHERE:
        findings.add(
            "image-format",
            "converted",
            image.place,
            src=src,
            format=picture.source_format,
            sent_as=_NAMES[picture.media.media_type],
        )
