"""Bringing arrivals into the database, a slice at a time.

What comes of each is `judging`'s to say. This module reads what is known of all of a slice at once
and writes what was decided at once, since a slice holds the one write lock meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import TypeAlias

from sqlalchemy import Connection, bindparam, null, update

from newsletter.audience.arrivals import Arrival, HistoryLine, Wish
from newsletter.audience.consent_ledger import write_rows
from newsletter.audience.histories import new_history_lines
from newsletter.audience.judging import Card, Decision, Joined, Known, judge
from newsletter.audience.known_people import known_among
from newsletter.audience.restating import restated_departures
from newsletter.audience.suppressions import confirm_suppressions, suppressed_among
from newsletter.audience.wordings import wording_id
from newsletter.domain.people import Wording
from newsletter.storage.bulk_insert import BulkInsert, Row
from newsletter.storage.row_numbers import next_numbers
from newsletter.storage.schema import (
    handles,
    import_changes,
    subscribers,
    suppressions,
)
from newsletter.storage.upserts import upsert
from newsletter.tokens.erasure_seals import ErasureSeals
from newsletter.tokens.random_ids import new_handle

Decided: TypeAlias = tuple[Arrival, Decision]

# The values of enumerations go into these as plain text: SQLite's driver takes a microsecond for
# each that is not.
_CARD = ("name", "language", "format", "attributes")
_INSERT_PEOPLE = BulkInsert(
    subscribers, ("id", "handle", "address", "canonical", *_CARD, "created_at", "epoch")
)
_INSERT_HANDLES = BulkInsert(handles, ("handle", "subscriber_id"))
_UPDATE_CARD = update(subscribers).where(
    subscribers.c.id == bindparam("its_id", type_=subscribers.c.id.type)
)
_VOID = (
    update(subscribers)
    .where(
        subscribers.c.canonical == bindparam("its"),
        subscribers.c.handle == bindparam("of", type_=subscribers.c.handle.type),
        subscribers.c.epoch < bindparam("now"),
    )
    .values(epoch=bindparam("now"))
)
_KEEP_CHANGES = BulkInsert(
    import_changes,
    (
        *("import_id", "subscriber_id"),
        *(f"{name}_{when}" for name in _CARD for when in ("before", "after")),
    ),
    # One that began anew may change somebody a second time; what was before stays.
    updating=tuple(f"{name}_after" for name in _CARD),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """Arrivals, what is to come of each, and who of them was known."""

    arrivals: Sequence[Arrival]
    decisions: Sequence[Decision]
    known: Mapping[str, Known]

    @property
    def to_be_written(self) -> list[Decided]:
        """Those for whom something changes."""
        return [
            (one, what)
            for one, what in zip(self.arrivals, self.decisions, strict=True)
            if what.joined in (Joined.ADDED, Joined.UPDATED)
        ]


@dataclass(slots=True)
class Merger:
    """Merges arrivals for one act: by whom and when, and of which import, if it is one.

    What an import changes of people who were there is kept, so that it can be undone; and it leaves
    the index of handles to `index_handles`, which has to follow.
    """

    actor: str
    at: datetime
    default_language: str
    seals: ErasureSeals
    import_id: int | None = None
    _wording_ids: dict[Wording | None, int | None] = field(default_factory=dict)

    def merge(self, connection: Connection, arrivals: Sequence[Arrival]) -> list[Decision]:
        """What came of each, in order; a few hundred at most, each of another person."""
        judged = self.judge(connection, arrivals)
        self.write(connection, judged)
        return list(judged.decisions)

    def judge(self, connection: Connection, arrivals: Sequence[Arrival]) -> Judged:
        """What is to come of each; only reads."""
        canonicals = [one.canonical for one in arrivals]
        known = known_among(connection, canonicals)
        suppressed = suppressed_among(connection, canonicals, self.seals)
        decisions = [
            judge(
                one, known.get(one.canonical), suppressed.get(one.canonical), self.default_language
            )
            for one in arrivals
        ]
        return Judged(arrivals, decisions, known)

    def write(self, connection: Connection, judged: Judged) -> None:
        """Writes what was decided, by the transaction that judged it."""
        decided = judged.to_be_written
        known = judged.known
        self._update_cards(connection, decided, known)
        new = [one for one in decided if one[0].canonical not in known and one[1].card]
        ids = {canonical: one.id for canonical, one in known.items()}
        ids |= self._insert_people(connection, new)
        write_rows(
            connection, _subscription_rows(decided, ids), self._lines(connection, decided, ids)
        )
        self._write_suppressions(connection, decided)
        self._confirm(connection, judged)
        _void_links(connection, judged.arrivals)

    def forget(self) -> None:
        """Forgets what was written by a transaction of which nothing is kept."""
        self._wording_ids.clear()

    def _insert_people(self, connection: Connection, new: Sequence[Decided]) -> dict[str, int]:
        if not new:
            return {}
        numbers = next_numbers(connection, subscribers, len(new))
        rows = [
            (
                number,
                one.handle or new_handle(),
                one.address,
                one.canonical,
                *_values(what.card),
                one.created_at or self.at,
                one.epoch,
            )
            for number, (one, what) in zip(numbers, new, strict=True)
            if what.card is not None
        ]
        _INSERT_PEOPLE(connection, rows)
        if self.import_id is None:
            _INSERT_HANDLES(connection, [(handle, number) for number, handle, *_ in rows])
        return {one.canonical: number for number, (one, _) in zip(numbers, new, strict=True)}

    def _update_cards(
        self, connection: Connection, decided: Sequence[Decided], known: Mapping[str, Known]
    ) -> None:
        changed = [
            (known[one.canonical], what.card)
            for one, what in decided
            if what.card is not None and one.canonical in known
        ]
        if not changed:
            return
        connection.execute(
            _UPDATE_CARD,
            [
                {"its_id": before.id, **dict(zip(_CARD, _values(card), strict=True))}
                for before, card in changed
            ],
        )
        if self.import_id is not None:
            _KEEP_CHANGES(
                connection,
                [
                    (
                        self.import_id,
                        before.id,
                        *chain(*zip(_values(before.card), _values(card), strict=True)),
                    )
                    for before, card in changed
                ],
            )

    def _lines(
        self, connection: Connection, decided: Sequence[Decided], ids: Mapping[str, int]
    ) -> list[Row]:
        histories = [(ids[one.canonical], one.history) for one, _ in decided if one.history]
        lines = list(new_history_lines(connection, histories))
        # Lines that somebody brings along may tell of what changes; those that were here do not.
        told = {(subscriber_id, line.topic_id): line.status for subscriber_id, line in lines}
        rows = [self._row(connection, subscriber_id, line) for subscriber_id, line in lines]
        rows += [
            self._own_row(connection, ids[one.canonical], wish)
            for one, what in decided
            for wish in what.wishes
            if told.get((ids[one.canonical], wish.topic_id)) is not wish.status
        ]
        return rows

    def _confirm(self, connection: Connection, judged: Judged) -> None:
        if self.import_id is None:
            return
        gone = [one for one in judged.arrivals if one.is_final]
        targets = [one.canonical for one in gone if one.suppressing is not None]
        confirm_suppressions(connection, targets, self.import_id)
        again = restated_departures(connection, gone, judged.known, self.import_id)
        write_rows(connection, [], [self._own_row(connection, *one) for one in again])

    def _own_row(self, connection: Connection, subscriber_id: int, wish: Wish) -> Row:
        return (
            subscriber_id,
            wish.topic_id,
            wish.status.value,
            wish.basis.value,
            wish.source,
            self._wording_id(connection, wish.wording),
            self.actor,
            wish.ip,
            wish.since,
            self.import_id,
        )

    def _row(self, connection: Connection, subscriber_id: int, line: HistoryLine) -> Row:
        return (
            subscriber_id,
            line.topic_id,
            line.status.value if line.status is not None else None,
            line.basis.value,
            line.source,
            self._wording_id(connection, line.wording),
            line.actor,
            line.ip,
            line.at,
            self.import_id,
        )

    def _wording_id(self, connection: Connection, wording: Wording | None) -> int | None:
        if wording not in self._wording_ids:
            self._wording_ids[wording] = wording_id(connection, wording)
        return self._wording_ids[wording]

    def _write_suppressions(self, connection: Connection, decided: Sequence[Decided]) -> None:
        rows = [
            {
                "target": one.canonical,
                "reason": new.reason.value,
                "evidence": new.evidence,
                "at": new.at,
                "import_id": self.import_id,
            }
            for one, what in decided
            if (new := what.suppressing) is not None
        ]
        if not rows:
            return
        row = upsert(connection, suppressions)
        # No longer one import's alone: to take either back lets the stronger reason stand.
        stronger = {
            "reason": row.excluded.reason,
            "evidence": suppressions.c.evidence + "; " + row.excluded.evidence,
            "import_id": null(),
        }
        connection.execute(
            row.on_conflict_do_update(index_elements=["target"], set_=stronger), rows
        )


def _void_links(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    """What opens nothing where people come from opens nothing here either (T4), though they are
    known here from before it was voided. Nearly nobody's links ever are."""
    for one in arrivals:
        if one.epoch:
            connection.execute(_VOID, {"its": one.canonical, "of": one.handle, "now": one.epoch})


def _subscription_rows(decided: Sequence[Decided], ids: Mapping[str, int]) -> list[Row]:
    return [
        (
            *(ids[one.canonical], wish.topic_id),
            *(wish.status.value, wish.basis.value, wish.since, wish.resumes_at),
        )
        for one, what in decided
        for wish in what.wishes
    ]


def _values(card: Card) -> Row:
    return (card.name, card.language, card.format.value, dict(card.attributes))
