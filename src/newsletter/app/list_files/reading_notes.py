"""How a list was read, in sentences for the person who brings it in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from newsletter.app.list_files.columns import Columns, attribute_name
from newsletter.domain.attributes import ATTRIBUTE_NAME, RESERVED_NAMES
from newsletter.mail.header_rules import without_controls

_MOST_NAMED = 40


class ReadingNotes:
    """The notes on a list with this header, of which these columns are read."""

    def __init__(self, header: Sequence[str], columns: Columns) -> None:
        self._header = header
        self._columns = columns

    def of_columns(self, described: str) -> Iterator[str]:
        """What kind of list it is, which column went where, and which went nowhere."""
        places = {
            **{held.value: group for held, group in self._columns.places.items()},
            **{name: (place,) for name, place in self._columns.attributes.items()},
        }
        went = "; ".join(
            f"{held} from {_listed([self._header[place] for place in group])}"
            for held, group in places.items()
        )
        yield f"Read as {described}: {went}."
        if self._columns.unread:
            yield (
                f"These columns were not read: {_listed(self._columns.unread)}."
                f"{_cure(self._columns.unread)}"
            )

    def of_undeclared(self, names: Sequence[str]) -> Iterator[str]:
        """Which attributes in a column of JSON were not read."""
        if names:
            yield f"These attributes were not read: {_listed(names)}.{_cure(names)}"

    def of_left_out(self, left_out: Mapping[str, int]) -> Iterator[str]:
        """How many cells were left out without their rows."""
        for what, number in left_out.items():
            cells = "cell was" if number == 1 else "cells were"
            yield f"{number:,} {cells} left out that should hold {what} and cannot be read so."


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f'"{without_controls(name)[:80]}"' for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


def _cure(columns: Sequence[str]) -> str:
    names = [attribute_name(column) for column in columns]
    fit = [n for n in names if ATTRIBUTE_NAME.fullmatch(n) and n not in RESERVED_NAMES]
    if not fit:
        return ""
    return f" To keep one, declare it in newsletter.toml, like [attributes.{fit[0]}]."
