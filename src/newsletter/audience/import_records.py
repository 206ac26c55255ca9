"""The record of each import: what was ordered, how far it is, and what came of it.

An import goes in a slice at a time, and each slice moves its record on in the same transaction. So
one that is broken off is known to be, and goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from newsletter.domain.errors import BadInput
from newsletter.storage.schema import imports

OUTCOMES = ("added", "updated", "unchanged", "skipped", "rejected")

# Made once, since each of thousands of slices runs it.
_ADVANCE = (
    update(imports)
    .where(imports.c.id == bindparam("its_id", type_=imports.c.id.type))
    .values({name: imports.c[name] + bindparam(f"more_{name}") for name in OUTCOMES})
)


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One import. `position` is the canonical address of the last person that is in, None before
    the first; `counts` are of the people that are in, and of the whole list when it has finished.
    """

    id: int
    topic_id: int | None
    file: str
    actor: str
    at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    position: str | None
    counts: Mapping[str, int]

    @property
    def state(self) -> str:
        """`undone`, `finished`, or `unfinished`, which runs or was broken off."""
        if self.undone_at is not None:
            return "undone"
        return "unfinished" if self.finished_at is None else "finished"


def begin(
    connection: Connection,
    *,
    topic_id: int | None,
    file: str,
    fingerprint: str,
    actor: str,
    at: datetime,
) -> ImportRecord:
    """The record of an import that begins; of the same one, if that was broken off.

    `fingerprint` is the same for the same file with the same orders.
    """
    found = connection.execute(
        select(imports).where(
            imports.c.fingerprint == fingerprint,
            imports.c.finished_at.is_(None),
            imports.c.undone_at.is_(None),
        )
    ).first()
    if found is not None:
        return _record(found)
    row = insert(imports).values(
        topic_id=topic_id,
        file=file,
        fingerprint=fingerprint,
        actor=actor,
        at=at,
        **dict.fromkeys(OUTCOMES, 0),
    )
    new_id: int = connection.execute(row.returning(imports.c.id)).scalar_one()
    return find(connection, new_id)


def find(connection: Connection, import_id: int) -> ImportRecord:
    """The record with this number; raises BadInput when there is none."""
    row = connection.execute(select(imports).where(imports.c.id == import_id)).first()
    if row is None:
        raise BadInput(
            f"there is no import {import_id}",
            cure="See the imports with `newsletter subscribers imports`.",
        )
    return _record(row)


def all_records(connection: Connection) -> list[ImportRecord]:
    """Every import, the oldest first."""
    return [_record(row) for row in connection.execute(select(imports).order_by(imports.c.id))]


def advance(
    connection: Connection, import_id: int, position: str, counts: Mapping[str, int]
) -> None:
    """Moves the record on past a slice, of which `counts` tell what came."""
    added = {f"more_{name}": counts.get(name, 0) for name in OUTCOMES}
    connection.execute(_ADVANCE, {"its_id": import_id, "position": position, **added})


def finish(connection: Connection, import_id: int, counts: Mapping[str, int], at: datetime) -> None:
    """Says that all of the list is in; `counts` are of all its rows. The position, an address, is
    not kept for longer than it is of use."""
    connection.execute(
        update(imports)
        .where(imports.c.id == import_id)
        .values(finished_at=at, position=None, **counts)
    )


def mark_undone(connection: Connection, import_id: int, at: datetime) -> None:
    """Says that the import was taken back."""
    connection.execute(update(imports).where(imports.c.id == import_id).values(undone_at=at))


def _record(row: Row[tuple[object, ...]]) -> ImportRecord:
    data = row._mapping
    return ImportRecord(
        id=data["id"],
        topic_id=data["topic_id"],
        file=data["file"],
        actor=data["actor"],
        at=data["at"],
        finished_at=data["finished_at"],
        undone_at=data["undone_at"],
        position=data["position"],
        counts={name: data[name] for name in OUTCOMES},
    )
