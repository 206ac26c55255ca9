"""Bringing in the whole audience of another database of ours, links and ledger and all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from newsletter.app.imports.going_in import GoingIn
from newsletter.app.imports.newsletter_file import (
    Head,
    NewsletterFile,
    open_newsletter_file,
)
from newsletter.app.imports.newsletter_people import PersonReader
from newsletter.app.imports.order import (
    ImportOrder,
    ImportResult,
    fingerprint,
    named,
    result_of,
)
from newsletter.app.imports.pace import Pace
from newsletter.app.imports.tally import Tally
from newsletter.app.imports.turns import import_turn
from newsletter.app.imports.waiting_room import Waiting, WaitingRoom, waiting_room
from newsletter.app.list_files.tables import ListRow
from newsletter.app.progress import NoProgress, Progress
from newsletter.app.reject_file import RejectFile, open_reject_file
from newsletter.app.workspace import Workspace
from newsletter.audience import import_records
from newsletter.audience.import_records import ImportRecord
from newsletter.audience.merging import Merger
from newsletter.audience.suppressions import bring_suppressions
from newsletter.audience.topics import adopt_topic, find_topic
from newsletter.domain.errors import BadAddress, BadInput
from newsletter.mail.addresses import parse_address
from newsletter.storage.engine import reading, writing

_UNKNOWN_TOPIC = 0
"""The id of a topic in a rehearsal that the import would make."""


def import_newsletter_file(
    workspace: Workspace, order: ImportOrder, *, tally: Tally, progress: Progress | None = None
) -> ImportResult:
    """Brings in everybody with handle, ledger and all topics, and whoever is suppressed.

    In a new database that gives the state of the old one. People who are here already keep what
    they have decided here. Raises FaultyFile when the file is no such export, BadInput when this
    workspace lacks a key that its links or seals were made with, or has another topic of a name.
    """
    with import_turn(workspace), open_newsletter_file(order.file) as file, waiting_room() as room:
        _check_keys(workspace, file.head)
        importing = _Importing(workspace, order, file, room, tally, progress or NoProgress())
        return importing.rehearse() if order.dry_run else importing.run()


class _Importing:
    def __init__(
        self,
        workspace: Workspace,
        order: ImportOrder,
        file: NewsletterFile,
        room: WaitingRoom,
        tally: Tally,
        progress: Progress,
    ) -> None:
        self._workspace = workspace
        self._order = order
        self._file = file
        self._room = room
        self._tally = tally
        self._progress = progress
        self._rejects: RejectFile | None = None

    def rehearse(self) -> ImportResult:
        self._read()
        with reading(self._workspace.engine) as connection:
            found = {one.slug: find_topic(connection, one.slug) for one in self._file.head.topics}
        topics = {slug: one.id if one else _UNKNOWN_TOPIC for slug, one in found.items()}
        self._going_in(topics).rehearse(self._merger(None))
        return self._result(None)

    def run(self) -> ImportResult:
        folder = self._workspace.settings.data_folder / "imports"
        with open_reject_file(folder, self._order.file, ("record",)) as self._rejects:
            self._read()
            record = self._go_in()
        return self._result(record)

    def _go_in(self) -> ImportRecord:
        head = self._file.head
        with writing(self._workspace.engine) as connection:
            topics = {
                one.slug: adopt_topic(connection, one, head.topics_made[one.slug]).id
                for one in head.topics
            }
            record = import_records.begin(
                connection,
                topic_id=None,
                file=named(self._order.file),
                fingerprint=fingerprint(["newsletter"], [self._order.file]),
                actor=self._order.actor,
                at=self._workspace.now(),
            )
        self._suppress(record)
        self._going_in(topics).go_in(record, self._merger(record), self._workspace.now)
        return record

    def _read(self) -> None:
        self._progress.phase("Reading", None)
        for number, (person, payload) in enumerate(self._file.people(), 1):
            self._progress.at(number)
            try:
                canonical = parse_address(str(person["email"])).canonical
            except (BadAddress, LookupError, TypeError):
                why = "there is no address that mail can be written to"
                self._tally.rejected(number, why)
                self._reject(number, why, payload)
                continue
            self._room.add(Waiting(canonical, 0, number, payload))

    def _suppress(self, record: ImportRecord) -> None:
        """Before anybody comes in; again, when the import goes on."""
        pace = Pace()
        for new in pace.slices(self._file.head.suppressions):
            with pace.holding(len(new)), writing(self._workspace.engine) as connection:
                bring_suppressions(
                    connection, new, self._workspace.seals, import_id=record.id, at=record.at
                )
            pace.rest()

    def _going_in(self, topics: Mapping[str, int]) -> GoingIn:
        languages = self._workspace.settings.site.languages
        reader = PersonReader(topics, self._file.head.wordings, languages)
        return GoingIn(
            engine=self._workspace.engine,
            room=self._room,
            to_arrival=lambda payload: reader.arrival(json.loads(payload)),
            tally=self._tally,
            progress=self._progress,
            reject=self._reject,
        )

    def _reject(self, number: int, why: str, record: str) -> None:
        if self._rejects is not None:
            self._rejects.add(ListRow(number, (record,)), why)

    def _merger(self, record: ImportRecord | None) -> Merger:
        return Merger(
            actor=self._order.actor,
            at=record.at if record else self._workspace.now(),
            default_language=self._workspace.settings.site.languages[0],
            seals=self._workspace.seals,
            import_id=record.id if record else None,
        )

    def _result(self, record: ImportRecord | None) -> ImportResult:
        return result_of(
            self._tally,
            import_id=record.id if record else None,
            reject_file=self._rejects.written if self._rejects else None,
            notes=_notes(self._file.head, self._order),
        )


def _check_keys(workspace: Workspace, head: Head) -> None:
    ring = workspace.key_ring
    for key_id, print_of_key in head.keys.items():
        if key_id not in ring.keys or ring.fingerprint(key_id) != print_of_key:
            raise BadInput(
                f"this workspace lacks key {key_id}, with which the list's links and erasures were"
                " made",
                cure="Copy data/keys/keys.json from the workspace that the list is of, with mode"
                " 600, then import again.",
            )


def _notes(head: Head, order: ImportOrder) -> tuple[str, ...]:
    notes: list[str] = []
    known: set[Any] = {one.slug for one in head.topics}
    notes.append(f"Read as newsletter's own export, with the topics {', '.join(sorted(known))}.")
    if head.suppressions:
        notes.append(f"{len(head.suppressions)} suppressions come with it.")
    unused = {
        "--topic": order.topic,
        "--basis": order.basis,
        "--source": order.source,
        "--wording": order.wording,
        "--mapping": order.mapping,
    }
    given = ", ".join(option for option, value in unused.items() if value)
    if given:
        notes.append(f"The list says all of that itself, so this is not used: {given}.")
    return tuple(notes)
