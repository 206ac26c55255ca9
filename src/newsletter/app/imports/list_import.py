"""Bringing a list of people into a topic from a file of any program."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from newsletter.app.imports.going_in import GoingIn
from newsletter.app.imports.listed_arrivals import ListTerms, rank, to_text
from newsletter.app.imports.order import (
    ImportOrder,
    ImportResult,
    fingerprint,
    named,
    result_of,
)
from newsletter.app.imports.tally import Tally
from newsletter.app.imports.turns import import_turn
from newsletter.app.imports.waiting_room import Waiting, WaitingRoom, waiting_room
from newsletter.app.list_files.columns import has_addresses
from newsletter.app.list_files.listed_people import ListedPerson, Rejected, SkippedRow
from newsletter.app.list_files.mapping_file import read_mapping
from newsletter.app.list_files.mappings import NO_MAPPING, ListMapping
from newsletter.app.list_files.opening import open_list
from newsletter.app.list_files.person_fields import Destination
from newsletter.app.list_files.row_reader import RowReader
from newsletter.app.list_files.tables import ListTable
from newsletter.app.people import lawful_basis
from newsletter.app.progress import NoProgress, Progress
from newsletter.app.reject_file import RejectFile, open_reject_file
from newsletter.app.workspace import Workspace
from newsletter.audience import import_records
from newsletter.audience.import_records import ImportRecord
from newsletter.audience.merging import Merger
from newsletter.audience.topics import topic
from newsletter.domain.people import IMPORT_PREFIX
from newsletter.mail.header_rules import without_controls
from newsletter.storage.engine import reading, writing

_PREVIEWED = 3


def import_list(
    workspace: Workspace, order: ImportOrder, *, tally: Tally, progress: Progress | None = None
) -> ImportResult:
    """Brings the people of a file into a topic, a slice at a time; one that was broken off goes on.

    Who has left the topic or is suppressed, and who stands in the file twice, is skipped (B6); who
    the file says has left or cannot be reached is recorded so. Rows that cannot be used go to
    `<name>.rejected.csv` in `data/imports`. Raises FaultyFile when the file as a whole cannot be
    used, BadInput for an unknown topic or where nothing says the basis (L2), SurroundingsFailed
    when the disk or the database fails, saying how it goes on.
    """
    basis = lawful_basis(workspace, order.basis)
    mapping = _mapping(workspace, order)
    with (
        import_turn(workspace),
        open_list(
            order.file,
            is_header=lambda row: has_addresses(row, mapping),
            delimiter=mapping.delimiter,
            encoding=mapping.encoding,
        ) as table,
        waiting_room() as room,
    ):
        with reading(workspace.engine) as connection:
            its_topic = topic(connection, order.topic)
        terms = ListTerms(
            topic_id=its_topic.id,
            basis=basis,
            source=without_controls(order.source or f"{IMPORT_PREFIX}{order.file.name}"),
            wording=order.wording,
            at=workspace.now(),
        )
        importing = _Importing(workspace, order, terms, tally, progress or NoProgress())
        return importing.run(table, mapping, room)


def _mapping(workspace: Workspace, order: ImportOrder) -> ListMapping:
    if order.mapping is None:
        return NO_MAPPING
    settings = workspace.settings
    return read_mapping(
        order.mapping,
        languages=settings.site.languages,
        attributes=settings.attribute_types,
    )


class _Importing:
    def __init__(
        self,
        workspace: Workspace,
        order: ImportOrder,
        terms: ListTerms,
        tally: Tally,
        progress: Progress,
    ) -> None:
        self._workspace = workspace
        self._order = order
        self._terms = terms
        self._tally = tally
        self._progress = progress
        self._preview: list[ListedPerson] = []

    def run(self, table: ListTable, mapping: ListMapping, room: WaitingRoom) -> ImportResult:
        reader = self._reader(table, mapping)
        with self._reject_file(table) as rejects:
            self._read(table, reader, room, rejects)
        record = self._go_in(room)
        return result_of(
            self._tally,
            import_id=record.id if record else None,
            reject_file=rejects.written if rejects else None,
            notes=(f"{table.described}.", *reader.notes),
            preview=[_previewed(person) for person in self._preview],
        )

    def _reader(self, table: ListTable, mapping: ListMapping) -> RowReader:
        settings = self._workspace.settings
        return RowReader(
            table,
            Destination(
                topic=self._order.topic,
                languages=settings.site.languages,
                attributes=settings.attribute_types,
                now=self._workspace.now(),
            ),
            preset=self._order.preset,
            mapping=mapping,
        )

    def _reject_file(self, table: ListTable) -> AbstractContextManager[RejectFile | None]:
        if self._order.dry_run:
            return nullcontext()
        folder = self._workspace.settings.data_folder / "imports"
        return open_reject_file(folder, self._order.file, table.header)

    def _read(
        self, table: ListTable, reader: RowReader, room: WaitingRoom, rejects: RejectFile | None
    ) -> None:
        self._progress.phase("Reading", table.total)
        for number, row in enumerate(table.rows):
            if not number % 1000:
                self._progress.at(table.done())
            try:
                person = reader.read(row)
            except Rejected as why:
                reason = without_controls(str(why))
                self._tally.rejected(row.line, reason)
                if rejects is not None:
                    rejects.add(row, reason)
                continue
            if isinstance(person, SkippedRow):
                self._tally.skipped(person.line, "", person.reason)
                continue
            if len(self._preview) < _PREVIEWED:
                self._preview.append(person)
            room.add(Waiting(person.address.canonical, rank(person), person.line, to_text(person)))

    def _go_in(self, room: WaitingRoom) -> ImportRecord | None:
        if self._order.dry_run:
            self._going_in(room, self._terms).rehearse(self._merger(None))
            return None
        record = self._begin()
        # One that goes on does so at the instant at which it began.
        going_in = self._going_in(room, replace(self._terms, at=record.at))
        going_in.go_in(record, self._merger(record), self._workspace.now)
        return record

    def _begin(self) -> ImportRecord:
        order = self._order
        wording = order.wording
        words = [
            *(order.topic, self._terms.basis, order.source, order.preset or ""),
            *((wording.text, wording.language, wording.version) if wording else ()),
        ]
        files = [order.file, *([order.mapping] if order.mapping else [])]
        with writing(self._workspace.engine) as connection:
            return import_records.begin(
                connection,
                topic_id=self._terms.topic_id,
                file=named(order.file),
                fingerprint=fingerprint(words, files),
                actor=order.actor,
                at=self._workspace.now(),
            )

    def _going_in(self, room: WaitingRoom, terms: ListTerms) -> GoingIn:
        return GoingIn(
            engine=self._workspace.engine,
            room=room,
            to_arrival=terms.arrival,
            tally=self._tally,
            progress=self._progress,
        )

    def _merger(self, record: ImportRecord | None) -> Merger:
        return Merger(
            actor=self._order.actor,
            at=record.at if record else self._workspace.now(),
            default_language=self._workspace.settings.site.languages[0],
            seals=self._workspace.seals,
            import_id=record.id if record else None,
        )


def _previewed(person: ListedPerson) -> dict[str, str]:
    """What a row was taken for, to be looked at before anything is imported."""
    told: dict[str, object] = {
        "email": person.address.typed,
        "name": person.name,
        "language": person.language,
        **person.attributes,
        "status": person.standing,
        "since": person.since and f"{person.since:%Y-%m-%d %H:%M} UTC",
    }
    return {name: _shown(value) for name, value in told.items() if value not in (None, "")}


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
