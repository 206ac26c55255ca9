"""The images of a section: the picture that is shown, and the words that stand for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from newsletter.composer.findings.findings import Place
from newsletter.composer.kinds.crops import read_crop, read_focus
from newsletter.composer.kinds.kinds import Field, FieldType, ImageRule
from newsletter.composer.pictures.images import Picture, PictureShape, UnusableImage
from newsletter.composer.reading.passages import ShownImage
from newsletter.composer.reading.reading_room import ReadingRoom
from newsletter.composer.reading.words_of_language import has_words
from newsletter.domain.editions import Value

ReadAlt: TypeAlias = Callable[[Field, Value, Place], str]
"""Reads the words that stand for an image."""

_CENTRE = (0.5, 0.5)


class ImageReader:
    """Reads the images of sections; `read_alt` reads their alternative texts."""

    def __init__(self, room: ReadingRoom, read_alt: ReadAlt) -> None:
        self._room = room
        self._read_alt = read_alt

    def read(self, field: Field, value: Value, place: Place) -> dict[str, object] | None:
        """What templates see of an image, or None, with a finding when the author named one."""
        if not isinstance(value, Mapping):
            return None
        source = str(value.get("src") or "")
        decorative = value.get("decorative") is True
        alt = "" if decorative else self._alt(value.get("alt"), place.at("alt"), source)
        position = _position(field.image, value)
        picture = self._picture(source, _shape(field.image, value, position), place.at("src"))
        if picture is None:
            return None
        return {
            "url": picture.url,
            "width": picture.width,
            "height": picture.height,
            "alt": alt,
            "decorative": decorative,
            "position": position,
        }

    def _picture(self, source: str, shape: PictureShape, place: Place) -> Picture | None:
        found = self._room.desk.pictures.picture(source, shape)
        if found is None:
            self._room.desk.findings.add("image-missing", "missing", place, src=source)
        elif isinstance(found, UnusableImage):
            self._room.desk.findings.add(
                "image-format", "unusable", place, src=source, reason=found
            )
        else:
            self._room.shown_images.append(ShownImage(source, found, place))
            return found
        return None

    def _alt(self, value: Value, place: Place, source: str) -> str:
        if not has_words(value):
            self._room.desk.findings.add("alt-missing", "missing", place, src=source)
            return ""
        return self._read_alt(Field("alt", FieldType.WORDS), value, place)


def _position(rule: ImageRule, value: Mapping[str, Value]) -> str:
    return str(value.get("position") or next(iter(rule.positions), ""))


def _shape(rule: ImageRule, value: Mapping[str, Value], position: str) -> PictureShape:
    return PictureShape(
        width=rule.positions.get(position, rule.width),
        crop=read_crop(str(value.get("crop"))) or rule.crop,
        focus=read_focus(str(value.get("focus"))) or _CENTRE,
    )
