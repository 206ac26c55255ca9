"""Taking an import back: what was before comes back, and what anybody did since stands.

The ledger tells which is which. A subscription of which the import wrote the last line goes back to
the line before; where a person, a bounce or a member of staff wrote a later one, that stands.
Nothing is deleted from the ledger: taking back adds a line of its own (L1).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, tuple_, update

from newsletter.domain.people import ConsentSource, SubscriptionStatus
from newsletter.storage.schema import (
    consents,
    import_changes,
    imports,
    subscribers,
    subscriptions,
    suppressions,
)
from newsletter.storage.upserts import upsert
from newsletter.tokens.erasure_seals import PREFIX

_CARD = ("name", "language", "format", "attributes")
_OWN_DEPARTURES = frozenset(
    {
        ConsentSource.ONE_CLICK,
        ConsentSource.UNSUBSCRIBE_PAGE,
        ConsentSource.PREFERENCES_PAGE,
        ConsentSource.STAFF_UNSUBSCRIBE,
    }
)


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back did, or would do.

    `removed` and `restored` are subscriptions that the import had made, and changed; `kept` those
    about which somebody has decided since; `cards` people whose name and the like are as before;
    `suppressions` those that nothing but the import had said.
    """

    removed: int = 0
    restored: int = 0
    kept: int = 0
    cards: int = 0
    suppressions: int = 0

    def __add__(self, other: Undone) -> Undone:
        return Undone(
            *(
                getattr(self, name) + getattr(other, name)
                for name in ("removed", "restored", "kept", "cards", "suppressions")
            )
        )


def subscribers_of(connection: Connection, import_id: int, after: int, most: int) -> list[int]:
    """The next people whom the import changed, at most so many, by their ids."""
    found: set[int] = set()
    for table in (consents, import_changes):
        person = table.c.subscriber_id
        query = (
            select(person)
            .where(table.c.import_id == import_id, person > after)
            .distinct()
            .order_by(person)
            .limit(most)
        )
        found.update(connection.execute(query).scalars())
    return sorted(found)[:most]


def undo_subscriptions(
    connection: Connection, import_id: int, ids: Sequence[int], *, actor: str, at: datetime
) -> Undone:
    """Takes back what the import did to the subscriptions of these people, a few hundred."""
    changes = _changes(connection, import_id, ids)
    undone = [change for change in changes if not change.was_decided_since]
    removed = [change for change in undone if change.before is None]
    restored = [change for change in undone if change.before is not None]
    _remove(connection, removed)
    _restore(connection, restored)
    _tell(connection, undone, import_id, actor, at)
    return Undone(len(removed), len(restored), kept=len(changes) - len(undone))


def undo_cards(connection: Connection, import_id: int, ids: Sequence[int]) -> Undone:
    """Gives these people the name, language, format and attributes back that the import changed,
    each that is still as the import left it."""
    rows = connection.execute(
        select(import_changes, *[subscribers.c[name] for name in _CARD])
        .join(subscribers, subscribers.c.id == import_changes.c.subscriber_id)
        .where(import_changes.c.import_id == import_id, import_changes.c.subscriber_id.in_(ids))
    ).all()
    number = 0
    for row in rows:
        card = _card_before(row)
        if card:
            of_person = subscribers.c.id == row.subscriber_id
            connection.execute(update(subscribers).where(of_person).values(**card))
            number += 1
    return Undone(cards=number)


def undo_suppressions(connection: Connection, import_id: int) -> Undone:
    """Takes away what nobody but the import had suppressed; who was erased stays so (L4)."""
    gone = connection.execute(
        delete(suppressions).where(
            suppressions.c.import_id == import_id, suppressions.c.target.not_like(f"{PREFIX}%")
        )
    )
    return Undone(suppressions=gone.rowcount)


@dataclass(frozen=True, slots=True)
class _Change:
    """What the import did to one subscription: the lines before and of it, and its own last."""

    subscriber_id: int
    topic_id: int
    before: Row[Any] | None
    own: Row[Any]
    was_decided_since: bool


def _changes(connection: Connection, import_id: int, ids: Sequence[int]) -> list[_Change]:
    undone = set(
        connection.execute(select(imports.c.id).where(imports.c.undone_at.is_not(None))).scalars()
    )
    rows = connection.execute(
        select(consents)
        .where(consents.c.subscriber_id.in_(ids))
        .order_by(consents.c.subscriber_id, consents.c.topic_id, consents.c.id)
    ).all()
    subscription = groupby(rows, key=lambda row: (row.subscriber_id, row.topic_id))
    found = [_change(import_id, list(lines), undone) for _, lines in subscription]
    return [change for change in found if change is not None]


def _change(
    import_id: int, lines: Sequence[Row[Any]], undone: Collection[int | None]
) -> _Change | None:
    own = [place for place, line in enumerate(lines) if line.import_id == import_id]
    if not own:
        return None
    since = lines[own[-1] + 1 :]
    if any(_takes_back(line, import_id) for line in since):
        return None  # by a command that was broken off
    before = _in_force(lines[: own[0]], undone)
    last = lines[own[-1]]
    was_decided = _was_decided(since, undone) or _is_departure(last)
    return _Change(last.subscriber_id, last.topic_id, before, last, was_decided)


def _was_decided(since: Sequence[Row[Any]], undone: Collection[int | None]) -> bool:
    """Whether anybody has decided since: neither an import that was taken back did, nor the taking
    back of one."""
    return any(
        line.import_id not in undone
        and not (line.import_id is None and line.source.startswith(_source("")))
        for line in since
    )


def _is_departure(line: Row[Any]) -> bool:
    """Whether the line, which came with a list of another database of ours, tells that the person
    themselves left there: whatever becomes of the list, they have."""
    return line.status == SubscriptionStatus.UNSUBSCRIBED and line.source in _OWN_DEPARTURES


def _in_force(lines: Sequence[Row[Any]], undone: Collection[int | None]) -> Row[Any] | None:
    """The line by which the subscription stands after all of these, None when it does not.

    It is none of an import that was taken back, nor one that tells of the taking back.
    """
    taken_back = {line.source for line in lines if line.import_id is None}
    standing = [
        line
        for line in lines
        if line.import_id not in undone
        and _source(line.import_id) not in taken_back
        and not (line.import_id is None and line.source.startswith(_source("")))
    ]
    return standing[-1] if standing and standing[-1].status is not None else None


def _takes_back(line: Row[Any], import_id: int) -> bool:
    # Lines that came with a list of ours tell of the other database's imports.
    return line.import_id is None and line.source == _source(import_id)


def _source(import_id: int | str | None) -> str:
    return f"{ConsentSource.IMPORT_UNDONE} {import_id}"


def _remove(connection: Connection, changes: Sequence[_Change]) -> None:
    key = tuple_(subscriptions.c.subscriber_id, subscriptions.c.topic_id)
    named = [(change.subscriber_id, change.topic_id) for change in changes]
    if named:
        connection.execute(delete(subscriptions).where(key.in_(named)))


def _restore(connection: Connection, changes: Sequence[_Change]) -> None:
    rows = [
        {
            "subscriber_id": change.subscriber_id,
            "topic_id": change.topic_id,
            "status": change.before.status,
            "basis": change.before.basis,
            "since": change.before.at,
        }
        for change in changes
        if change.before is not None
    ]
    if not rows:
        return
    row = upsert(connection, subscriptions)
    connection.execute(
        row.on_conflict_do_update(
            index_elements=["subscriber_id", "topic_id"],
            set_={name: row.excluded[name] for name in ("status", "basis", "since")},
        ),
        rows,
    )


def _tell(
    connection: Connection, changes: Sequence[_Change], import_id: int, actor: str, at: datetime
) -> None:
    rows = [
        {
            "subscriber_id": change.subscriber_id,
            "topic_id": change.topic_id,
            "status": change.before.status if change.before is not None else None,
            "basis": (change.before or change.own).basis,
            "source": _source(import_id),
            "actor": actor,
            "at": at,
        }
        for change in changes
    ]
    if rows:
        connection.execute(insert(consents), rows)


def _card_before(row: Row[Any]) -> dict[str, Any]:
    """What of the card goes back: what the import changed and nobody since."""
    return {
        name: row._mapping[f"{name}_before"]
        for name in _CARD
        if row._mapping[f"{name}_before"] != row._mapping[f"{name}_after"]
        and row._mapping[subscribers.c[name]] == row._mapping[f"{name}_after"]
    }
