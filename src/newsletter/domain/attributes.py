"""Attributes: what a site knows of its subscribers beside name and language, each of one type."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from newsletter.domain.control_characters import CONTROL_CHARACTER, character_name
from newsletter.domain.errors import BadInput

TAGS = "tags"
"""The attribute that is always there, a list: what a member of staff wrote on somebody's card."""

ATTRIBUTE_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
RESERVED_NAMES = frozenset(
    {
        *("email", "name", "language", "format", TAGS),
        *("topic", "status", "basis", "source", "wording", "since", "suppression", "subscribed"),
        *("view", "unsubscribe", "preferences", "why"),
        *("and", "or", "not", "in", "is", "set", "has", "before", "after", "true", "false"),
    }
)
"""Names that already mean something: of what is known of everybody, of columns in lists, of merge
values, and the words of the segments' grammar."""

LONGEST_TEXT = 500
"""Characters that a text, or one entry of a list, may have."""
MOST_ENTRIES = 100

AttributeValue: TypeAlias = str | int | float | bool | list[str]
"""As it is stored: a date as its ISO form, a list sorted and without repeats."""

_YES = frozenset({"yes", "true", "1", "ie", "gwir", "y"})
_NO = frozenset({"no", "false", "0", "na", "nac ydw", "ffug", "n"})
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,9})?")


class AttributeType(StrEnum):
    """What an attribute's value may be."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    LIST = "list"


def read_value(kind: AttributeType, text: str) -> AttributeValue:
    """The value that `text`, not blank, is written for; raises BadInput, naming what is wrong."""
    return _READERS[kind](text.strip())


def _text(text: str) -> str:
    found = CONTROL_CHARACTER.search(text)
    if found is not None:
        raise BadInput(f"there is {character_name(found[0])} in it", cure="Write it on one line.")
    if len(text) > LONGEST_TEXT:
        raise BadInput(f"it is longer than {LONGEST_TEXT} characters", cure="Shorten it.")
    # In one form, as rules of segments are: letters with accents can be written in two.
    return unicodedata.normalize("NFC", text)


def _number(text: str) -> int | float:
    if _NUMBER.fullmatch(text) is None:
        raise BadInput(f'"{text}" is not a number', cure="Write it like 12 or 12.5.")
    number = float(text)
    return int(number) if number.is_integer() else number


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadInput(f'"{text}" is not a date', cure="Write it like 2026-10-31.") from None


def _boolean(text: str) -> bool:
    word = text.casefold()
    if word not in _YES | _NO:
        raise BadInput(f'"{text}" is neither yes nor no', cure="Write yes or no.")
    return word in _YES


def _list(text: str) -> list[str]:
    # As spreadsheets and Mailchimp write them: parted by commas, in quotation marks or not.
    try:
        (cells,) = csv.reader([_text(text)], skipinitialspace=True, strict=True)
    except (csv.Error, ValueError):
        raise BadInput(
            "its entries cannot be told apart", cure='Write them like "One","Two".'
        ) from None
    entries = sorted({cell.strip() for cell in cells} - {""})
    if len(entries) > MOST_ENTRIES:
        raise BadInput(f"it has more than {MOST_ENTRIES} entries", cure="Keep fewer of them.")
    return entries


_READERS: Mapping[AttributeType, Callable[[str], AttributeValue]] = {
    AttributeType.TEXT: _text,
    AttributeType.NUMBER: _number,
    AttributeType.DATE: _date,
    AttributeType.BOOLEAN: _boolean,
    AttributeType.LIST: _list,
}
