"""Bringing a list of people into a topic from a CSV file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert

from newsletter.app.csv_reading import CsvTable, open_csv
from newsletter.app.list_reading import ReadList, Rejection, read_list
from newsletter.app.reject_file import RejectFile, open_reject_file
from newsletter.app.subscriber_rows import Columns, read_columns
from newsletter.audience.grounds import Grounds
from newsletter.audience.joining import add_people
from newsletter.audience.judging import Joined
from newsletter.audience.topics import topic
from newsletter.domain.people import IMPORT_PREFIX, Basis, Topic, Wording
from newsletter.mail.header_rules import without_controls
from newsletter.storage import audit
from newsletter.storage.engine import reading, rehearsing, writing
from newsletter.storage.schema import imports
from newsletter.tokens.erasure_seals import ErasureSeals
from newsletter.tokens.key_ring import KeyRing

_AT_A_TIME = 500
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
    with open_csv(order.file) as table:
        columns = read_columns(table.header, order.file)
        with reading(engine) as connection:
            its_topic = topic(connection, order.topic)
        with _reject_file(order, reject_folder, table) as rejects:
            read = read_list(table, columns, its_topic.slug, languages, rejects)
    # Only now, the file read to its end: whoever unsubscribes meanwhile waits for this transaction.
    transaction = rehearsing(engine) if order.dry_run else writing(engine)
    with transaction as connection:
        tally = _add(connection, read, its_topic, _grounds(order, now), languages[0])
        import_id = None if order.dry_run else _record(connection, its_topic, order, tally, now)
    return ImportResult(
        import_id=import_id,
        reject_file=rejects.written if rejects else None,
        rejections=tuple(read.rejections),
        notes=_notes(columns),
        **tally,
    )


def _reject_file(
    order: ImportOrder, folder: Path, table: CsvTable
) -> AbstractContextManager[RejectFile | None]:
    if order.dry_run:
        return nullcontext()
    return open_reject_file(folder, order.file, table.header)


def _grounds(order: ImportOrder, now: datetime) -> Grounds:
    source = order.source or f"{IMPORT_PREFIX}{order.file.name}"
    return Grounds(order.basis, source, Wording(order.wording), order.actor, now)


def _add(
    connection: Connection,
    read: ReadList,
    its_topic: Topic,
    grounds: Grounds,
    default_language: str,
) -> dict[str, int]:
    tally = dict.fromkeys(_OUTCOMES, 0) | {"skipped": read.skipped, "rejected": read.rejected}
    people = iter(read.people.values())
    while batch := list(islice(people, _AT_A_TIME)):
        for joined in add_people(
            connection, batch, its_topic, grounds, default_language=default_language, seals=ErasureSeals(KeyRing(0, {}))
        ):
            tally[_COUNTED_AS[joined]] += 1
    return tally


def _record(
    connection: Connection,
    its_topic: Topic,
    order: ImportOrder,
    tally: Mapping[str, int],
    now: datetime,
) -> int:
    row = insert(imports).values(
        topic_id=its_topic.id,
        file=str(order.file.resolve()),
        fingerprint="",
        actor=order.actor,
        at=now,
        finished_at=now,
        **tally,
    )
    import_id: int = connection.execute(row.returning(imports.c.id)).scalar_one()
    audit.record(
        connection,
        actor=order.actor,
        action="subscribers import",
        subject=its_topic.slug,
        detail=f"import {import_id}: "
        + ", ".join(f"{number} {outcome}" for outcome, number in tally.items()),
        at=now,
    )
    return import_id


def _notes(columns: Columns) -> tuple[str, ...]:
    if not columns.ignored:
        return ()
    listed = ", ".join(f'"{without_controls(name)}"' for name in columns.ignored)
    return (f"Only email, name and language are read; these columns were not: {listed}.",)
