"""From the rows of a list to people: which column holds what, and which rows cannot be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.app.csv_reading import CsvRow, faulty
from newsletter.audience.person import Person, site_language
from newsletter.domain.errors import BadInput, Fault, FaultyFile
from newsletter.domain.people import SubscriptionStatus
from newsletter.domain.suggestions import nearest
from newsletter.mail.addresses import parse_address

_USED = ("email", "name", "language", "topic", "status")
_BLANKS = " \t\u00a0"


class Rejected(Exception):
    """A row that cannot be used; the message says why, for the person who mends the file."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a file's header puts what we read; `ignored` names the columns that we do not."""

    places: Mapping[str, int]
    ignored: tuple[str, ...]

    def cell(self, row: CsvRow, column: str) -> str:
        """The row's cell in `column`, "" when the file has no such column."""
        place = self.places.get(column)
        # Blanks only: a bare strip() would take line breaks away that the checks must see (M12).
        return "" if place is None else row.cells[place].strip(_BLANKS)


def read_columns(header: Sequence[str], file: Path) -> Columns:
    """The columns of a header, in any order, capitals or not.

    Raises FaultyFile when there is no email column, or a column stands there twice.
    """
    names = [name.strip().lower() for name in header]
    faults = [
        Fault(str(file), 1, f"the column {name} is there {names.count(name)} times")
        for name in _USED
        if names.count(name) > 1
    ]
    if faults:
        raise FaultyFile(faults)
    if "email" not in names:
        raise _without_email(header, file)
    places = {name: names.index(name) for name in _USED if name in names}
    ignored = tuple(shown.strip() for shown in header if shown.strip().lower() not in _USED)
    return Columns(places, ignored)


def is_of_another_list(row: CsvRow, columns: Columns, topic: str) -> bool:
    """Whether a list that was exported here says that the row is of another topic or not active.

    Without this, an export brought into a new database would revive everyone who has left.
    """
    its_topic, status = columns.cell(row, "topic"), columns.cell(row, "status").lower()
    return its_topic not in ("", topic) or status not in ("", SubscriptionStatus.ACTIVE)


def read_person(row: CsvRow, columns: Columns, languages: Sequence[str]) -> Person:
    """The person on a row; raises Rejected, with the reason, when it cannot be used."""
    if row.fault:
        raise Rejected(row.fault)
    email, name = columns.cell(row, "email"), columns.cell(row, "name")
    if not email:
        raise Rejected("there is no email address")
    language = columns.cell(row, "language")
    try:
        return Person(
            parse_address(email), name, site_language(language, languages) if language else ""
        )
    except BadInput as error:
        raise Rejected(error.what) from None


def _without_email(header: Sequence[str], file: Path) -> FaultyFile:
    if any("@" in name for name in header):
        cure = "put a first line before it that names the columns, such as email,name,language"
        return faulty(file, 1, "the first line is a row and not a header", cure)
    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        return faulty(file, 1, "the columns are not parted by commas", "save it as CSV UTF-8")
    lowered = {name.strip().lower(): name.strip() for name in header}
    near = nearest("email", lowered, likeness=0.4)
    cure = (
        f'did you mean "{lowered[near]}"? Call it email'
        if near
        else "call the column with the addresses email"
    )
    return faulty(file, 1, f"no column is called email; there are {', '.join(header)}", cure)
