"""Images that cannot be shown, and why."""

from __future__ import annotations

from enum import StrEnum


class ImageFault(StrEnum):
    """What keeps a file from being shown as an image."""

    UNKNOWN_FORMAT = "unknown-format"
    TOO_MANY_BYTES = "too-many-bytes"
    TOO_MANY_PIXELS = "too-many-pixels"
    BROKEN = "broken"


class UnusableImage(Exception):
    """A file that cannot be shown; the message names what it is, as in “a HEIC photo”."""

    def __init__(self, reason: ImageFault, what: str) -> None:
        super().__init__(what)
        self.reason = reason
