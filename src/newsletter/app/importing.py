"""Bringing a list of people into a topic from a CSV file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert

from newsletter.app.csv_reading import CsvRow, CsvTable, open_csv
from newsletter.app.reject_file import RejectFile, open_reject_file
from newsletter.app.subscriber_rows import (
    Columns,
    Rejected,
    is_of_another_list,
    read_columns,
    read_person,
)
from newsletter.audience.grounds import Grounds
from newsletter.audience.joining import Joined, Person, add_people
from newsletter.audience.topics import topic
from newsletter.domain.people import Basis, Topic
from newsletter.storage import audit
from newsletter.storage.engine import rehearsing, writing
from newsletter.storage.schema import imports

_AT_A_TIME = 500
_SHOWN = 20
_OUTCOMES = ("added", "updated", "unchanged", "skipped", "rejected")
_COUNTED_AS = {
    Joined.ADDED: "added",
    Joined.UPDATED: "updated",
    Joined.UNCHANGED: "unchanged",
    Joined.HAS_LEFT: "skipped",
    Joined.SUPPRESSED: "skipped",
}


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What to import and on what grounds: the file, its topic, the basis of every subscription it
    makes, where the list comes from ("" for the file's name), and what the people were told."""

    file: Path
    topic: str
    basis: Basis
    actor: str
    source: str = ""
    wording: str = ""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was not used: its line in the file, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do: every row read is in exactly one of the five numbers.

    `import_id` and `reject_file` are None for a rehearsal, `reject_file` also when nothing was
    rejected; `rejections` are the first few.
    """

    import_id: int | None
    added: int
    updated: int
    unchanged: int
    skipped: int
    rejected: int
    reject_file: Path | None
    rejections: tuple[Rejection, ...]
    notes: tuple[str, ...]

    @property
    def read(self) -> int:
        """How many rows the file has."""
        return self.added + self.updated + self.unchanged + self.skipped + self.rejected

    @property
    def usable(self) -> bool:
        """Whether a single row could be made sense of."""
        return self.read > self.rejected

    def as_json(self) -> dict[str, Any]:
        """The answer with exactly the keys that the command line promises."""
        return {
            "import_id": self.import_id,
            "read": self.read,
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "skipped": self.skipped,
            "rejected": self.rejected,
            "reject_file": None if self.reject_file is None else str(self.reject_file),
        }


def import_subscribers(
    engine: Engine,
    order: ImportOrder,
    *,
    languages: Sequence[str],
    reject_folder: Path,
    now: datetime,
) -> ImportResult:
    """Adds the people of a file to a topic, all in one transaction (X11).

    The columns are email, name and language, in any order; only email is needed. Who has left the
    topic or is suppressed, and who stands in the file twice, is skipped (B6); rows that cannot be
    used go to `<name>.rejected.csv` in `reject_folder`. `languages` are the site's, the first one
    for people who name none. Raises FaultyFile when the file as a whole cannot be used, BadInput
    for an unknown topic.
    """
    transaction = rehearsing(engine) if order.dry_run else writing(engine)
    with open_csv(order.file) as table, transaction as connection:
        columns = read_columns(table.header, order.file)
        its_topic = topic(connection, order.topic)
        rejects = (
            nullcontext(None)
            if order.dry_run
            else open_reject_file(reject_folder, order.file, table.header)
        )
        with rejects as reject_file:
            work = _Import(table, columns, its_topic, languages, reject_file)
            work.run(connection, _grounds(order, now))
        import_id = (
            None if order.dry_run else _record(connection, its_topic, order, work.tally, now)
        )
    return ImportResult(
        import_id=import_id,
        reject_file=reject_file.written if reject_file else None,
        rejections=tuple(work.rejections),
        notes=_notes(columns),
        **{outcome: work.tally[outcome] for outcome in _OUTCOMES},
    )


def _grounds(order: ImportOrder, now: datetime) -> Grounds:
    source = order.source or f"import of {order.file.name}"
    return Grounds(order.basis, source, order.wording, order.actor, now)


class _Import:
    """One run over a table, and what it has come to so far."""

    def __init__(
        self,
        table: CsvTable,
        columns: Columns,
        topic: Topic,
        languages: Sequence[str],
        reject_file: RejectFile | None,
    ) -> None:
        self._table = table
        self.columns = columns
        self._topic = topic
        self._languages = languages
        self._reject_file = reject_file
        self._seen: set[str] = set()
        self.tally: Counter[str] = Counter()
        self.rejections: list[Rejection] = []

    def run(self, connection: Connection, grounds: Grounds) -> None:
        """Adds the people of every row, a few hundred at a time."""
        people = self._people()
        while batch := list(islice(people, _AT_A_TIME)):
            joined = add_people(
                connection, batch, self._topic, grounds, default_language=self._languages[0]
            )
            self.tally.update(_COUNTED_AS[what] for what in joined)

    def _people(self) -> Iterator[Person]:
        for row in self._table.rows:
            try:
                person = read_person(row, self.columns, self._languages)
            except Rejected as why:
                self._reject(row, str(why))
                continue
            canonical = person.address.canonical
            other = is_of_another_list(row, self.columns, self._topic.slug)
            if other or canonical in self._seen:
                self.tally["skipped"] += 1
                continue
            self._seen.add(canonical)
            yield person

    def _reject(self, row: CsvRow, reason: str) -> None:
        self.tally["rejected"] += 1
        if len(self.rejections) < _SHOWN:
            self.rejections.append(Rejection(row.line, reason))
        if self._reject_file is not None:
            self._reject_file.add(row, reason)


def _record(
    connection: Connection, its_topic: Topic, order: ImportOrder, tally: Counter[str], now: datetime
) -> int:
    counts = {outcome: tally[outcome] for outcome in _OUTCOMES}
    row = insert(imports).values(
        topic_id=its_topic.id, file=str(order.file.resolve()), actor=order.actor, at=now, **counts
    )
    import_id: int = connection.execute(row.returning(imports.c.id)).scalar_one()
    audit.record(
        connection,
        actor=order.actor,
        action="subscribers import",
        subject=its_topic.slug,
        detail=f"import {import_id}: "
        + ", ".join(f"{number} {outcome}" for outcome, number in counts.items()),
        at=now,
    )
    return import_id


def _notes(columns: Columns) -> tuple[str, ...]:
    if not columns.ignored:
        return ()
    listed = ", ".join(f'"{name}"' for name in columns.ignored)
    return (f"Only email, name and language are read; these columns were not: {listed}.",)
