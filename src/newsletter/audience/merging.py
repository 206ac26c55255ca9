"""Bringing arrivals into the database, a slice at a time.

What comes of each is `judging`'s to say. This module reads what is known of all of a slice at once
and writes what was decided at once, since a slice holds the one write lock meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, bindparam, insert, update

from newsletter.audience.arrivals import Arrival, Wish
from newsletter.audience.histories import new_history_lines
from newsletter.audience.judging import Card, Decision, Joined, Known, judge
from newsletter.audience.known_people import ids_of, known_among
from newsletter.audience.suppressions import suppressed_among
from newsletter.audience.wordings import wording_id
from newsletter.domain.people import SubscriptionStatus, Wording
from newsletter.storage.schema import (
    consents,
    handles,
    import_changes,
    subscribers,
    subscriptions,
    suppressions,
)
from newsletter.storage.upserts import upsert
from newsletter.tokens.erasure_seals import ErasureSeals
from newsletter.tokens.random_ids import new_handle

Decided: TypeAlias = tuple[Arrival, Decision]


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
        known = known_among(connection, [one.canonical for one in arrivals])
        decisions = self._decide(connection, arrivals, known)
        decided = [
            (one, what)
            for one, what in zip(arrivals, decisions, strict=True)
            if what.joined in (Joined.ADDED, Joined.UPDATED)
        ]
        self._update_cards(connection, decided, known)
        self._insert_people(connection, [one for one in decided if one[0].canonical not in known])
        ids = ids_of(connection, [one.canonical for one, _ in decided])
        self._write_subscriptions(connection, decided, ids)
        self._write_lines(connection, decided, ids)
        self._write_suppressions(connection, decided)
        return decisions

    def rehearse(self, connection: Connection, arrivals: Sequence[Arrival]) -> list[Decision]:
        """What would come of each, in order. Writes nothing."""
        known = known_among(connection, [one.canonical for one in arrivals])
        return self._decide(connection, arrivals, known)

    def _decide(
        self, connection: Connection, arrivals: Sequence[Arrival], known: Mapping[str, Known]
    ) -> list[Decision]:
        canonicals = [one.canonical for one in arrivals]
        suppressed = suppressed_among(connection, canonicals, self.seals)
        return [
            judge(
                one, known.get(one.canonical), suppressed.get(one.canonical), self.default_language
            )
            for one in arrivals
        ]

    def _insert_people(self, connection: Connection, decided: Sequence[Decided]) -> None:
        rows = [
            {
                "handle": one.handle or new_handle(),
                "address": one.address,
                "canonical": one.canonical,
                "created_at": one.created_at or self.at,
                **_columns(what.card),
            }
            for one, what in decided
            if what.card is not None
        ]
        if not rows:
            return
        connection.execute(insert(subscribers), rows)
        if self.import_id is None:
            ids = ids_of(connection, [row["canonical"] for row in rows])
            connection.execute(
                insert(handles),
                [{"handle": row["handle"], "subscriber_id": ids[row["canonical"]]} for row in rows],
            )

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
        its_id = bindparam("its_id", type_=subscribers.c.id.type)
        connection.execute(
            update(subscribers).where(subscribers.c.id == its_id),
            [{"its_id": before.id, **_columns(card)} for before, card in changed],
        )
        if self.import_id is not None:
            self._keep_changes(connection, self.import_id, changed)

    def _keep_changes(
        self, connection: Connection, import_id: int, changed: Sequence[tuple[Known, Card]]
    ) -> None:
        rows = [
            {
                "import_id": import_id,
                "subscriber_id": before.id,
                **{f"{name}_before": value for name, value in _columns(before.card).items()},
                **{f"{name}_after": value for name, value in _columns(card).items()},
            }
            for before, card in changed
        ]
        connection.execute(insert(import_changes), rows)

    def _write_subscriptions(
        self, connection: Connection, decided: Sequence[Decided], ids: Mapping[str, int]
    ) -> None:
        rows = [
            {
                "subscriber_id": ids[one.canonical],
                "topic_id": wish.topic_id,
                "status": wish.status,
                "basis": wish.basis,
                "since": wish.since,
            }
            for one, what in decided
            for wish in what.wishes
        ]
        if not rows:
            return
        row = upsert(connection, subscriptions)
        # Who leaves keeps the basis on which they were mailed.
        kept = {"status": row.excluded.status, "since": row.excluded.since}
        connection.execute(
            row.on_conflict_do_update(index_elements=["subscriber_id", "topic_id"], set_=kept),
            rows,
        )

    def _write_lines(
        self, connection: Connection, decided: Sequence[Decided], ids: Mapping[str, int]
    ) -> None:
        rows = []
        for one, what in decided:
            told = _last_statuses(one)
            rows += [
                self._line(connection, ids[one.canonical], wish)
                for wish in what.wishes
                if told.get(wish.topic_id) is not wish.status
            ]
        histories = [(ids[one.canonical], one.history) for one, _ in decided if one.history]
        for subscriber_id, line in new_history_lines(connection, histories):
            rows.append(
                {
                    "subscriber_id": subscriber_id,
                    "topic_id": line.topic_id,
                    "status": line.status,
                    "basis": line.basis,
                    "source": line.source,
                    "wording_id": self._wording_id(connection, line.wording),
                    "actor": line.actor,
                    "ip": line.ip,
                    "at": line.at,
                    "import_id": self.import_id,
                }
            )
        if rows:
            connection.execute(insert(consents), rows)

    def _line(self, connection: Connection, subscriber_id: int, wish: Wish) -> dict[str, Any]:
        return {
            "subscriber_id": subscriber_id,
            "topic_id": wish.topic_id,
            "status": wish.status,
            "basis": wish.basis,
            "source": wish.source,
            "wording_id": self._wording_id(connection, wish.wording),
            "actor": self.actor,
            "ip": wish.ip,
            "at": wish.since,
            "import_id": self.import_id,
        }

    def _wording_id(self, connection: Connection, wording: Wording | None) -> int | None:
        if wording not in self._wording_ids:
            self._wording_ids[wording] = wording_id(connection, wording)
        return self._wording_ids[wording]

    def _write_suppressions(self, connection: Connection, decided: Sequence[Decided]) -> None:
        rows = [
            {
                "target": one.canonical,
                "reason": what.suppressing.reason,
                "evidence": what.suppressing.evidence,
                "at": what.suppressing.at,
                "import_id": self.import_id,
            }
            for one, what in decided
            if what.suppressing is not None
        ]
        if rows:
            connection.execute(insert(suppressions), rows)


def _columns(card: Card | None) -> dict[str, Any]:
    if card is None:
        return {}
    return {
        "name": card.name,
        "language": card.language,
        "format": card.format,
        "attributes": dict(card.attributes),
    }


def _last_statuses(arrival: Arrival) -> dict[int, SubscriptionStatus | None]:
    """What the ledger that the arrival brings says last of each topic."""
    return {line.topic_id: line.status for line in arrival.history or ()}
