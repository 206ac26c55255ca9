"""Lists in memory, read for a site of two languages, for tests of what their rows come to."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from newsletter.app.list_files.listed_people import ListedPerson, Rejected, SkippedRow
from newsletter.app.list_files.mappings import NO_MAPPING, ListMapping
from newsletter.app.list_files.person_fields import Destination
from newsletter.app.list_files.row_reader import RowReader
from newsletter.app.list_files.tables import ListRow, ListTable
from newsletter.domain.attributes import AttributeType

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
ATTRIBUTES = MappingProxyType(
    {"county": AttributeType.TEXT, "age": AttributeType.NUMBER, "joined_on": AttributeType.DATE}
)


def list_table(text: str, name: str = "list.csv") -> ListTable:
    """The CSV in `text` as the table of a file called `name`."""
    header, *rows = csv.reader(io.StringIO(text))
    return ListTable(
        file=Path(name),
        header=tuple(header),
        header_line=1,
        rows=iter([ListRow(line, row) for line, row in enumerate(rows, start=2)]),
        described="CSV",
        done=lambda: 0,
        total=None,
    )


def list_reader(
    text: str,
    *,
    name: str = "list.csv",
    preset: str | None = None,
    mapping: ListMapping = NO_MAPPING,
    attributes: Mapping[str, AttributeType] = ATTRIBUTES,
) -> tuple[RowReader, ListTable]:
    """A reader for the list in `text`, brought into the topic `bulletin`, with its table."""
    table = list_table(text, name)
    destination = Destination("bulletin", ["en", "cy"], attributes, NOW)
    return RowReader(table, destination, preset=preset, mapping=mapping), table


def read_list(
    text: str,
    *,
    name: str = "list.csv",
    preset: str | None = None,
    mapping: ListMapping = NO_MAPPING,
) -> list[ListedPerson | SkippedRow | str]:
    """What each row comes to: a person, a row passed over, or the reason why it is rejected."""
    reader, table = list_reader(text, name=name, preset=preset, mapping=mapping)
    read: list[ListedPerson | SkippedRow | str] = []
    for row in table.rows:
        try:
            read.append(reader.read(row))
        except Rejected as why:
            read.append(str(why))
    return read


def read_person(text: str, **how: object) -> ListedPerson:
    """The person on the only row of the list in `text`."""
    (person,) = read_list(text, **how)  # type: ignore[arg-type]
    assert isinstance(person, ListedPerson), person
    return person
