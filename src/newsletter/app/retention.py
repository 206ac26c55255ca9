"""Retention: what is kept for a time only goes when that is over (L6, UK GDPR Art. 5(1)(e)).

One routine, run by hand or every night. What goes is planned first, so that a dry run says exactly
what a real one does, then done in slices between which everybody else gets their turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, func, select, union_all

from newsletter.app.workspace import Workspace
from newsletter.audience import lapsing
from newsletter.audience.requests import forgetting as requests
from newsletter.dispatch import retiring
from newsletter.dispatch.notices import forgetting as notices
from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage import audit
from newsletter.storage.engine import reading, writing
from newsletter.storage.scrubbing import overwrite_deleted, scrub

_SLICE = 200
_PAUSE = 0.005
"""Seconds between two slices. A waiting writer of SQLite only looks now and then whether it is its
turn, and would hardly ever find that it is."""


class Kind(StrEnum):
    """What is kept for a time only."""

    DELIVERIES = "deliveries"
    IPS = "ips"
    UNCONFIRMED = "unconfirmed"
    REQUESTS = "requests"
    NOTICES = "notices"
    PEOPLE = "people"
    REJECTED_ROWS = "rejected_rows"


@dataclass(frozen=True, slots=True)
class Due:
    """What is to go of one kind: how many rows or files from before `before`; `oldest` and `newest`
    of them are None when there are none."""

    kind: Kind
    number: int
    before: datetime
    oldest: datetime | None
    newest: datetime | None

    def as_json(self) -> dict[str, object]:
        """For scripts, with instants in ISO 8601."""
        dates = {"before": self.before, "oldest": self.oldest, "newest": self.newest}
        return {
            "kind": self.kind,
            "number": self.number,
            **{name: at.isoformat() if at else None for name, at in dates.items()},
        }


def what_is_due(workspace: Workspace) -> list[Due]:
    """What is past its time, of each kind; changes nothing."""
    with reading(workspace.engine) as connection:
        before = _cutoffs(workspace)
        editions = retiring.old_editions(connection, before[Kind.DELIVERIES])
        people = lapsing.without_subscription(before[Kind.PEOPLE], editions)
        spans = {
            Kind.DELIVERIES: retiring.span(connection, editions),
            Kind.IPS: _span(connection, *_old_ips(before[Kind.IPS])),
            Kind.UNCONFIRMED: _span(connection, lapsing.unconfirmed(before[Kind.UNCONFIRMED])),
            Kind.REQUESTS: _span(connection, _old_requests(workspace, before[Kind.REQUESTS])),
            Kind.NOTICES: _span(connection, notices.over(before[Kind.NOTICES])),
            Kind.PEOPLE: _span(connection, people),
            Kind.REJECTED_ROWS: _span_of_files(workspace, before[Kind.REJECTED_ROWS]),
        }
    return [
        Due(kind, number, before[kind], oldest, newest)
        for kind, (number, oldest, newest) in spans.items()
    ]


def let_go(
    workspace: Workspace,
    *,
    actor: str,
    progress: Callable[[int, int], object] = lambda _done, _total: None,
    pause: Callable[[float], object] = time.sleep,
) -> list[Due]:
    """Lets go of all that is past its time, and gives what that was.

    `progress` is told how many rows and files are done, and of how many. Whatever happens half-way,
    the next call goes on. Raises SurroundingsFailed for a file that cannot be removed.
    """
    due = what_is_due(workspace)
    total = sum(one.number for one in due)
    if not total:
        return due
    _record(workspace, due, actor)
    done = 0
    for number in _Retention(workspace, {one.kind: one.before for one in due}).steps():
        done += number
        progress(done, total)
        pause(_PAUSE)
    scrub(workspace.engine)
    return due


class _Retention:
    """One run; each step is a transaction of its own and gives the number of rows it was about."""

    def __init__(self, workspace: Workspace, before: dict[Kind, datetime]) -> None:
        self._workspace = workspace
        self._before = before

    def steps(self) -> Iterator[int]:
        yield from self._deliveries()
        yield from self._ips()
        yield from self._unconfirmed()
        yield from self._notices()
        yield from self._requests()
        yield from self._people()
        for file in _old_files(self._workspace, self._before[Kind.REJECTED_ROWS]):
            _remove(file)
            yield 1

    def _deliveries(self) -> Iterator[int]:
        with reading(self._workspace.engine) as connection:
            editions = retiring.old_editions(connection, self._before[Kind.DELIVERIES])
        for edition_id in editions:
            while number := self._write(retiring.retire_slice, edition_id, _SLICE):
                yield number

    def _ips(self) -> Iterator[int]:
        in_ledger, in_requests = _old_ips(self._before[Kind.IPS])
        for ids in self._slices(in_ledger):
            yield self._write(lapsing.blank_ips, ids)
        for ids in self._slices(in_requests):
            yield self._write(requests.blank_ips, ids)

    def _unconfirmed(self) -> Iterator[int]:
        before = self._before[Kind.UNCONFIRMED]
        for ids in self._slices(lapsing.unconfirmed(before)):
            yield self._write(lapsing.remove_unconfirmed, ids, before, self._workspace.now())

    def _notices(self) -> Iterator[int]:
        for ids in self._slices(notices.over(self._before[Kind.NOTICES])):
            yield self._write(notices.remove, ids)

    def _requests(self) -> Iterator[int]:
        for ids in self._slices(_old_requests(self._workspace, self._before[Kind.REQUESTS])):
            yield self._write(_remove_requests, ids)

    def _people(self) -> Iterator[int]:
        before = self._before[Kind.PEOPLE]
        for ids in self._slices(lapsing.without_subscription(before)):
            yield self._write(lapsing.remove_without_subscription, ids, before)

    def _write(self, change: Callable[..., int], *arguments: object) -> int:
        with writing(self._workspace.engine) as connection:
            overwrite_deleted(connection)
            return change(connection, *arguments)

    def _slices(self, query: Select[Any]) -> Iterator[Sequence[int]]:
        # Found outside the write transactions: nobody waits while the table is looked through.
        last = 0
        column = query.selected_columns["id"]
        while True:
            ordered = query.where(column > last).order_by(column).limit(_SLICE)
            with reading(self._workspace.engine) as connection:
                ids = [row.id for row in connection.execute(ordered)]
            if not ids:
                return
            yield ids
            last = ids[-1]


def _cutoffs(workspace: Workspace) -> dict[Kind, datetime]:
    now, kept = workspace.now(), workspace.settings.retention
    days = {
        Kind.DELIVERIES: kept.deliveries,
        Kind.IPS: kept.ips,
        Kind.UNCONFIRMED: kept.unconfirmed,
        Kind.REQUESTS: kept.unconfirmed,
        Kind.NOTICES: kept.notices,
        Kind.PEOPLE: kept.people,
        Kind.REJECTED_ROWS: kept.rejected_rows,
    }
    return {kind: now - timedelta(days=number) for kind, number in days.items()}


def _old_ips(before: datetime) -> tuple[Select[Any], Select[Any]]:
    return lapsing.old_ips(before), requests.old_ips(before)


def _old_requests(workspace: Workspace, before: datetime) -> Select[Any]:
    return requests.over(before, at=workspace.now())


def _remove_requests(connection: Connection, ids: Sequence[int]) -> int:
    # A notice may be kept for longer than what it answered.
    notices.detach(connection, ids)
    return requests.remove(connection, ids)


def _span(
    connection: Connection, *queries: Select[Any]
) -> tuple[int, datetime | None, datetime | None]:
    found = union_all(*queries).subquery()
    row = connection.execute(select(func.count(), func.min(found.c.at), func.max(found.c.at))).one()
    return row[0], row[1], row[2]


def _span_of_files(
    workspace: Workspace, before: datetime
) -> tuple[int, datetime | None, datetime | None]:
    times = sorted(_changed(file) for file in _old_files(workspace, before))
    return len(times), *((times[0], times[-1]) if times else (None, None))


def _old_files(workspace: Workspace, before: datetime) -> list[Path]:
    files = sorted((workspace.settings.data_folder / "imports").glob("*.rejected.csv"))
    return [file for file in files if _changed(file) < before]


def _changed(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise SurroundingsFailed(
            f"the rejected rows cannot be removed: {error.strerror}",
            where=str(file),
            cure="Look at who may write there, and run `newsletter retention` again.",
        ) from None


def _record(workspace: Workspace, due: Sequence[Due], actor: str) -> None:
    with writing(workspace.engine) as connection:
        audit.record(
            connection,
            actor=actor,
            action="retention",
            subject="everyone",
            detail=", ".join(f"{one.kind} {one.number}" for one in due if one.number),
            at=workspace.now(),
        )
