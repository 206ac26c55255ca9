"""What a row says of its person beside address and standing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, TypeVar

from newsletter.app.list_files.attribute_values import (
    read_json_object,
    read_json_value,
    value_reader,
)
from newsletter.app.list_files.cell_values import (
    ip_or_none,
    language_words,
    read_basis,
    read_format,
    read_name,
    read_source,
    read_wording,
)
from newsletter.app.list_files.cells import Cell, first_of, name_of
from newsletter.app.list_files.columns import Columns
from newsletter.app.list_files.holdings import Holds
from newsletter.app.list_files.instants import read_instant
from newsletter.app.list_files.mappings import ListMapping
from newsletter.domain.attributes import TAGS, AttributeType, AttributeValue
from newsletter.domain.errors import BadInput
from newsletter.domain.people import MailFormat

_LANGUAGES_REMEMBERED = 256
_NAMES = (Holds.NAME, Holds.FIRST_NAME, Holds.LAST_NAME)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Destination:
    """What a list is brought into: a topic by its slug, and what the site says.

    `languages` are the site's tags, `attributes` those that it declares; `now` is the instant after
    which nothing in a list can have happened.
    """

    topic: str
    languages: Sequence[str]
    attributes: Mapping[str, AttributeType]
    now: datetime

    @property
    def kinds(self) -> dict[str, AttributeType]:
        """The types of all attributes, of that which is always there, too."""
        return {TAGS: AttributeType.LIST, **self.attributes}


class PersonFields:
    """Reads the fields of ListedPerson that the columns hold, all but address and standing.

    `left_out` counts the cells that did not cost their row: by what they should have held;
    `undeclared` are the names of attributes in JSON that the site does not declare.
    """

    def __init__(self, columns: Columns, destination: Destination, mapping: ListMapping) -> None:
        self._to = destination
        self._dates = mapping.dates
        self._kinds = destination.kinds
        self._languages = language_words(destination.languages, mapping.languages)
        self._plan = list(self._planned(columns.places))
        columns_of = {field for field, _, _ in self._plan}
        nothing = {"name": "", "language": destination.languages[0], "format": MailFormat.HTML}
        self._nothing = {field: nothing[field] for field in nothing if field in columns_of}
        self._json = first_of(columns.places.get(Holds.ATTRIBUTES, ()))
        self._is_json = Holds.ATTRIBUTES in columns.places
        self._attributes = [
            (name, first_of((place,)), value_reader(name, self._kinds[name]))
            for name, place in columns.attributes.items()
        ]
        self.left_out: Counter[str] = Counter()
        self.undeclared: dict[str, None] = {}

    def strictly(self, cells: Sequence[str]) -> dict[str, Any]:
        """The fields of who is to get mail; raises BadInput for a cell that cannot be right."""
        fields: dict[str, Any] = {}
        for field, cell, read in self._plan:
            if text := cell(cells):
                fields[field] = read(text)
        attributes: dict[str, AttributeValue | None] = {}
        for name, cell, read_value in self._attributes:
            if text := cell(cells):
                attributes[name] = read_value(text)
        if self._is_json:
            attributes |= {
                name: value
                for name, found in self._json_object(cells)
                if (value := read_json_value(name, self._kinds[name], found)) is not None
            }
        if attributes:
            fields["attributes"] = attributes
        return fields

    def leniently(self, cells: Sequence[str]) -> dict[str, Any]:
        """The fields of who has left, for whom an empty cell blanks what is known.

        A departure counts whatever stands beside it: a cell that cannot be right is left out.
        """
        fields = {
            field: self._or_left_out(field, read, text)
            for field, cell, read in self._plan
            if (text := cell(cells))
        }
        for field, nothing in self._nothing.items():
            fields[field] = fields.get(field) or nothing
        fields["attributes"] = self._blanking_attributes(cells)
        return fields

    def _blanking_attributes(self, cells: Sequence[str]) -> dict[str, AttributeValue | None]:
        attributes: dict[str, AttributeValue | None] = {}
        if self._is_json:
            found = self._or_left_out("attributes", lambda row: dict(self._json_object(row)), cells)
            for name, kind in self._kinds.items():
                value = (found or {}).get(name)
                read_one = partial(read_json_value, name, kind)
                attributes[name] = self._or_left_out(name, read_one, value)
        for name, cell, read in self._attributes:
            text = cell(cells)
            attributes[name] = self._or_left_out(name, read, text) if text else None
        return attributes

    def _json_object(self, cells: Sequence[str]) -> Iterator[tuple[str, object]]:
        text = self._json(cells)
        for name, value in (read_json_object(text) if text else {}).items():
            if name in self._kinds:
                yield name, value
            else:
                self.undeclared.setdefault(name)

    def _or_left_out(self, what: str, read: Callable[[Any], _T], found: object) -> _T | None:
        try:
            return read(found)
        except BadInput:
            self.left_out[what] += 1
            return None

    def _planned(
        self, places: Mapping[Holds, tuple[int, ...]]
    ) -> Iterator[tuple[str, Cell, Callable[[str], object]]]:
        readers: dict[Holds, Callable[[str], object]] = {
            Holds.LANGUAGE: lru_cache(maxsize=_LANGUAGES_REMEMBERED)(self._language),
            Holds.FORMAT: read_format,
            Holds.SINCE: self._instant,
            Holds.JOINED: self._instant,
            Holds.BASIS: read_basis,
            Holds.SOURCE: read_source,
            Holds.WORDING: read_wording,
            Holds.IP: self._ip,
        }
        name = name_of(*(places.get(held, ()) for held in _NAMES))
        if name is not None:
            yield "name", name, read_name
        for held, read in readers.items():
            if held in places:
                yield held.value, first_of(places[held]), read

    def _language(self, text: str) -> str:
        try:
            return self._languages[text.casefold()]
        except KeyError:
            known = ", ".join(self._to.languages)
            raise BadInput(f'the language "{text}" is none of the site\'s: {known}') from None

    def _instant(self, text: str) -> datetime:
        found = read_instant(text, self._dates)
        if found > self._to.now:
            raise BadInput(f'the time "{text}" is still to come')
        return found

    def _ip(self, text: str) -> str | None:
        found = ip_or_none(text)
        if found is None:
            self.left_out[Holds.IP.value] += 1
        return found
