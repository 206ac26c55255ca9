"""Taking an import back, some hundreds of people at a time."""

from __future__ import annotations

from sqlalchemy import Connection

from newsletter.app.imports.finding_by_handle import index_all_handles
from newsletter.app.imports.pace import Pace
from newsletter.app.imports.turns import import_turn
from newsletter.app.progress import NoProgress, Progress
from newsletter.app.workspace import Workspace
from newsletter.audience import import_records
from newsletter.audience.import_records import ImportRecord
from newsletter.audience.undoing import (
    Undone,
    subscribers_of,
    undo_cards,
    undo_subscriptions,
    undo_suppressions,
)
from newsletter.domain.errors import Refused
from newsletter.storage import audit
from newsletter.storage.engine import reading, rehearsing, writing

_AT_A_TIME = 200


def undo_import(
    workspace: Workspace,
    import_id: int,
    *,
    actor: str,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Undone:
    """Takes an import back, of which what anybody did since stands; may be said again after it was
    broken off.

    Raises BadInput when there is no such import, Refused when it was taken back before,
    SurroundingsFailed while an import runs.
    """
    with import_turn(workspace):
        record = _to_be_undone(workspace, import_id)
        return _Undoing(workspace, record, actor, progress or NoProgress()).run(dry_run=dry_run)


def imports(workspace: Workspace) -> list[ImportRecord]:
    """Every import, the oldest first."""
    with reading(workspace.engine) as connection:
        return import_records.all_records(connection)


def _to_be_undone(workspace: Workspace, import_id: int) -> ImportRecord:
    with reading(workspace.engine) as connection:
        record = import_records.find(connection, import_id)
    if record.undone_at is not None:
        raise Refused(
            f"import {import_id} was undone on {record.undone_at:%d %B %Y} already",
            cure="Nothing is left to undo. To bring the list in again, import it again.",
        )
    return record


class _Undoing:
    def __init__(
        self, workspace: Workspace, record: ImportRecord, actor: str, progress: Progress
    ) -> None:
        self._workspace = workspace
        self._record = record
        self._actor = actor
        self._progress = progress

    def run(self, *, dry_run: bool) -> Undone:
        self._progress.phase("Taking back", sum(self._record.counts.values()))
        kind = rehearsing if dry_run else writing
        engine, pace = self._workspace.engine, Pace()
        if not dry_run and self._record.finished_at is None:
            self._close(pace)
        undone, last, number = Undone(), 0, 0
        while ids := self._next(last):
            with pace.holding(len(ids)), kind(engine) as connection:
                undone += undo_subscriptions(
                    connection,
                    self._record.id,
                    ids,
                    actor=self._actor,
                    at=self._workspace.now(),
                )
                undone += undo_cards(connection, self._record.id, ids)
            last, number = ids[-1], number + len(ids)
            self._progress.at(number)
            pace.rest()
        with kind(engine) as connection:
            undone += undo_suppressions(connection, self._record.id)
            import_records.mark_undone(connection, self._record.id, self._workspace.now())
            self._audit(connection, undone)
        return undone

    def _close(self, pace: Pace) -> None:
        """Ends an import that was broken off, before any of it is taken back: nobody is to go on
        with what is left of it."""
        # Whoever stays of a half import is to be found as all others are.
        index_all_handles(self._workspace.engine, pace)
        with writing(self._workspace.engine) as connection:
            now = self._workspace.now()
            import_records.finish(connection, self._record.id, self._record.counts, now)

    def _next(self, after: int) -> list[int]:
        with reading(self._workspace.engine) as connection:
            return subscribers_of(connection, self._record.id, after, _AT_A_TIME)

    def _audit(self, connection: Connection, undone: Undone) -> None:
        audit.record(
            connection,
            actor=self._actor,
            action="subscribers undo-import",
            subject=f"import {self._record.id}",
            detail=f"{undone.removed} removed, {undone.restored} restored, {undone.kept} kept,"
            f" {undone.cards} cards, {undone.suppressions} suppressions",
            at=self._workspace.now(),
        )
