"""Values of our own JSON export, each held to what a database of ours could have had there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime

from newsletter.domain.attributes import (
    ATTRIBUTE_NAME,
    LONGEST_TEXT,
    MOST_ENTRIES,
    AttributeValue,
)

_MOST_EPOCHS = 2**20


def text(value: object, longest: int | None = None) -> str:
    """A text of at most so many characters that every database can hold; raises ValueError."""
    if not isinstance(value, str) or "\0" in value or len(value) > (longest or len(value)):
        raise ValueError
    value.encode()  # which half of a surrogate pair cannot be: a ValueError, too
    return value


def instant(value: object) -> datetime:
    """An aware instant, in UTC; raises ValueError."""
    found = datetime.fromisoformat(text(value))
    if found.tzinfo is None:
        raise ValueError
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise ValueError from None


def epoch(value: object) -> int:
    """How often somebody's links were voided; raises ValueError."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_EPOCHS:
        raise ValueError
    return value


def handle(value: object) -> int:
    """64 bits, of 16 hex digits; raises ValueError."""
    digits = text(value, 16)
    if len(digits) != 16:
        raise ValueError
    return int.from_bytes(bytes.fromhex(digits))


def attributes(value: object) -> dict[str, AttributeValue]:
    """Attributes by name, whether this site declares them or not; raises ValueError."""
    if not isinstance(value, Mapping):
        raise ValueError  # noqa: TRY004 - all that is wrong with the file is one kind of error
    return {_name(name): _attribute(one) for name, one in value.items()}


def _name(value: object) -> str:
    name = text(value)
    if ATTRIBUTE_NAME.fullmatch(name) is None:
        raise ValueError
    return name


def _attribute(value: object) -> AttributeValue:
    if isinstance(value, list):
        if len(value) > MOST_ENTRIES:
            raise ValueError
        return [text(entry, LONGEST_TEXT) for entry in value]
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return text(value, LONGEST_TEXT)
