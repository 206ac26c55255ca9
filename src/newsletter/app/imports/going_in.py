"""People who wait go into the database, slice by slice, or are only looked up for a rehearsal."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection, Engine

from newsletter.app.imports.finding_by_handle import index_all_handles
from newsletter.app.imports.pace import Pace
from newsletter.app.imports.tally import Tally, counts_of
from newsletter.app.imports.waiting_room import Waiting, WaitingRoom, cannot_sort
from newsletter.app.list_files.listed_people import Rejected
from newsletter.app.progress import Progress
from newsletter.audience import import_records
from newsletter.audience.arrivals import Arrival
from newsletter.audience.import_records import ImportRecord
from newsletter.audience.judging import Decision
from newsletter.audience.merging import Merger
from newsletter.domain.errors import DatabaseBusy, NewsletterError, SurroundingsFailed
from newsletter.storage import audit
from newsletter.storage.engine import reading, slicing, writing

ToArrival: TypeAlias = Callable[[str], Arrival]
"""Makes an arrival of the payload of somebody who waits; raises Rejected when it cannot be one."""

Reject: TypeAlias = Callable[[int, str, str], object]
"""Keeps what cannot be used: its line, why, and what it says."""

_TRIES = 5
"""Times that a slice is tried without keeping others waiting while it reads."""

_Entering: TypeAlias = tuple[Waiting, Arrival]


@dataclass(slots=True)
class GoingIn:
    """Takes the people of one list in, or rehearses that."""

    engine: Engine
    room: WaitingRoom
    to_arrival: ToArrival
    tally: Tally
    progress: Progress
    pace: Pace = field(default_factory=Pace)
    reject: Reject | None = None

    def rehearse(self, merger: Merger) -> None:
        """Counts what would come of everybody; changes nothing."""
        self.progress.phase("Comparing", len(self.room))
        with reading(self.engine) as connection:
            for people in _by_hundreds(self._entering(after=None)):
                judged = merger.judge(connection, [arrival for _, arrival in people])
                for (waiting, arrival), decision in zip(people, judged.decisions, strict=True):
                    self.tally.decided(waiting.line, arrival.address, decision)

    def go_in(self, record: ImportRecord, merger: Merger, now: Callable[[], datetime]) -> None:
        """Takes everybody in who is not in yet, and closes the record.

        Raises what breaks it off, saying how it goes on.
        """
        if record.position is not None:
            self.tally.counts.update(record.counts)
        try:
            self._merge(record, merger)
            self.progress.phase("Finishing", None)
            index_all_handles(self.engine, self.pace)
            with writing(self.engine) as connection:
                self._close(connection, record, now())
        except (NewsletterError, sqlite3.Error, KeyboardInterrupt) as error:
            raise _broken_off(record, error) from None

    def _merge(self, record: ImportRecord, merger: Merger) -> None:
        self.progress.phase("Bringing in", len(self.room))
        for people in self.pace.slices(self._entering(after=record.position)):
            decisions = self._merge_slice(record, merger, people)
            for (waiting, arrival), decision in zip(people, decisions, strict=True):
                self.tally.decided(waiting.line, arrival.address, decision)
            self.pace.rest()

    def _merge_slice(
        self, record: ImportRecord, merger: Merger, people: Sequence[_Entering]
    ) -> Sequence[Decision]:
        for _ in range(_TRIES):
            try:
                return self._try_slice(slicing, record, merger, people)
            except DatabaseBusy:  # somebody wrote between our reading and our writing
                merger.forget()
                self.pace.rest()
        return self._try_slice(writing, record, merger, people)

    def _try_slice(
        self,
        kind: Callable[[Engine], AbstractContextManager[Connection]],
        record: ImportRecord,
        merger: Merger,
        people: Sequence[_Entering],
    ) -> Sequence[Decision]:
        with ExitStack() as closing:
            connection = closing.enter_context(kind(self.engine))
            judged = merger.judge(connection, [arrival for _, arrival in people])
            with self.pace.holding(len(people)):
                # First, since with its first write the slice has its turn.
                last = people[-1][0].canonical
                counts = counts_of(judged.decisions)
                import_records.advance(connection, record.id, last, counts)
                merger.write(connection, judged)
                closing.close()  # the commit, which holds the lock to its end
        return judged.decisions

    def _entering(self, after: str | None) -> Iterator[_Entering]:
        for number, (waiting, counts) in enumerate(self.room.in_order(), 1):
            self.progress.at(number)
            if not counts:
                self.tally.skipped(waiting.line, waiting.canonical, "twice in the list")
                continue
            try:
                arrival = self.to_arrival(waiting.payload)
            except Rejected as why:
                self.tally.rejected(waiting.line, str(why))
                if self.reject is not None:
                    self.reject(waiting.line, str(why), waiting.payload)
                continue
            # Whoever is in already was counted then, but for those who were rejected.
            if after is None or waiting.canonical > after:
                yield waiting, arrival

    def _close(self, connection: Connection, record: ImportRecord, at: datetime) -> None:
        counts = self.tally.all_counts()
        import_records.finish(connection, record.id, counts, at)
        audit.record(
            connection,
            actor=record.actor,
            action="subscribers import",
            subject=f"import {record.id}",
            detail=", ".join(f"{number} {outcome}" for outcome, number in counts.items()),
            at=at,
        )


def _by_hundreds(entering: Iterator[_Entering]) -> Iterator[list[_Entering]]:
    people: list[_Entering] = []
    for one in entering:
        people.append(one)
        if len(people) == 300:
            yield people
            people = []
    if people:
        yield people


def _broken_off(record: ImportRecord, error: BaseException) -> SurroundingsFailed:
    return SurroundingsFailed(
        f"import {record.id} was broken off: {_what_happened(error)}",
        where=error.where if isinstance(error, NewsletterError) else None,
        cure="What is in is whole. Run the same command again and it goes on from there, or take it"
        f" back with `newsletter subscribers undo-import {record.id}`.",
    )


def _what_happened(error: BaseException) -> str:
    if isinstance(error, NewsletterError):
        return error.what
    if isinstance(error, sqlite3.Error):
        return cannot_sort(error)
    return "it was interrupted"
