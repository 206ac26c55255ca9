"""Reading a list of people whole, before the database is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from newsletter.app.csv_reading import CsvRow, CsvTable
from newsletter.app.reject_file import RejectFile
from newsletter.app.subscriber_rows import Columns, Rejected, is_of_another_list, read_person
from newsletter.audience.person import Person
from newsletter.mail.header_rules import without_controls

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was not used: its line in the file, and why, on one line."""

    line: int
    reason: str


@dataclass(slots=True)
class ReadList:
    """Whom a list would add, each once, and what became of its other rows.

    `people` are by canonical address; `rejections` are the first few of `rejected`.
    """

    people: dict[str, Person] = field(default_factory=dict)
    skipped: int = 0
    rejected: int = 0
    rejections: list[Rejection] = field(default_factory=list)


def read_list(
    table: CsvTable,
    columns: Columns,
    topic: str,
    languages: Sequence[str],
    reject_file: RejectFile | None,
) -> ReadList:
    """Every row of the table, which is skipped when it is not of the topic or repeats a person.

    A row that cannot be used goes to the reject file, if there is to be one. Raises FaultyFile when
    the list as a whole cannot be used.
    """
    read = ReadList()
    for row in table.rows:
        try:
            person = read_person(row, columns, languages)
        except Rejected as why:
            _reject(read, row, without_controls(str(why)), reject_file)
            continue
        canonical = person.address.canonical
        if canonical in read.people or is_of_another_list(row, columns, topic):
            read.skipped += 1
        else:
            read.people[canonical] = person
    return read


def _reject(read: ReadList, row: CsvRow, reason: str, reject_file: RejectFile | None) -> None:
    read.rejected += 1
    if len(read.rejections) < _SHOWN:
        read.rejections.append(Rejection(row.line, reason))
    if reject_file is not None:
        reject_file.add(row, reason)
