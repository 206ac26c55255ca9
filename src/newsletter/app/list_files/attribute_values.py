"""Values of attributes in lists: in a column of their own, or all together as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache

from newsletter.domain.attributes import AttributeType, AttributeValue, read_value
from newsletter.domain.errors import BadInput

_REMEMBERED = 4096


def value_reader(name: str, kind: AttributeType) -> Callable[[str], AttributeValue]:
    """Reads the cells of one attribute; it remembers values, since a list has many rows and few
    counties. It raises BadInput, naming the attribute and what is wrong."""

    @lru_cache(maxsize=_REMEMBERED)
    def read(text: str) -> AttributeValue:
        try:
            return read_value(kind, text)
        except BadInput as error:
            raise BadInput(f"{name}: {error.what}") from None

    return read


def read_json_object(text: str) -> dict[str, object]:
    """The attributes that a cell of JSON holds, their names in lower case; raises BadInput."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput("its attributes are not JSON") from None
    if not isinstance(found, dict):
        raise BadInput("its attributes are no JSON object")
    return {name.strip().lower(): value for name, value in found.items()}


def read_json_value(name: str, kind: AttributeType, value: object) -> AttributeValue | None:
    """A value of JSON as one of that kind, None for null and for blank text.

    Raises BadInput, naming the attribute and what is wrong.
    """
    try:
        if isinstance(value, list) and kind is AttributeType.LIST:
            entries = {str(read_value(AttributeType.TEXT, _scalar(entry))) for entry in value}
            return sorted(entries - {""})
        text = _scalar(value)
        return read_value(kind, text) if text.strip() else None
    except BadInput as error:
        raise BadInput(f"{name}: {error.what}") from None


def _scalar(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise BadInput("it is more than one value")
