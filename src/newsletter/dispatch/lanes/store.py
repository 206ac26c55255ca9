"""What is remembered of lanes from one run to the next, and shared by those at the same time.

A lane of which nothing is remembered has no row. If all rows are lost, sending goes on at the rates
of the settings, and what receivers asked for is learned anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Delete, Select, bindparam, delete, select

from newsletter.dispatch.lanes.book import News
from newsletter.dispatch.lanes.closing import mended
from newsletter.dispatch.lanes.lane import OPEN, Lane, LaneKey
from newsletter.dispatch.lanes.merging import merged
from newsletter.dispatch.lanes.rates import learned
from newsletter.domain.lanes import LaneKind
from newsletter.storage.bulk_insert import BulkInsert
from newsletter.storage.schema import lanes, subscribers
from newsletter.storage.text_functions import at_domain

_REMEMBERED = timedelta(days=30)
"""After this nobody remembers a lane that has not changed: receivers judge by the last weeks."""

_COLUMNS = [column.name for column in lanes.c]
_KEY = [column.name for column in lanes.primary_key]
_KINDS = {kind.value: kind for kind in LaneKind}

_put = BulkInsert(lanes, _COLUMNS, updating=[name for name in _COLUMNS if name not in _KEY])


def exchange(connection: Connection, news: News, now: datetime) -> dict[LaneKey, Lane]:
    """Records what a run has to tell of its lanes, and gives all that is known then, for
    `Lanes.learn`.

    Belongs into a `writing` transaction. What several runs have changed is merged; what there is
    no more to remember of goes, as does what has not changed for thirty days.
    """
    rows = _rows(connection)
    known = _known(rows, now)
    changed = {
        key: merged(change.base, change.mine, known.get(key, OPEN)) for key, change in news.items()
    }
    known.update(changed)
    remembered = {key: lane for key, lane in known.items() if lane.is_worth_remembering(now)}
    _write(connection, {key: remembered[key] for key in changed if key in remembered}, now)
    _forget(connection, rows.keys() - remembered.keys())
    return remembered


def reopen(connection: Connection, now: datetime) -> int:
    """Opens the lanes that refusals by a fault of ours have closed, and forgets who was refused:
    a person says that the fault is mended. Gives how many were opened."""
    known = _known(_rows(connection), now)
    opened = {key: mended(lane) for key, lane in known.items() if lane != mended(lane)}
    _write(connection, opened, now)
    return sum(known[key].closed_until != lane.closed_until for key, lane in opened.items())


class _Row(NamedTuple):
    lane: Lane
    updated_at: datetime


def forget_personal(connection: Connection, receiver: str) -> None:
    """Forgets a receiver of whom no subscriber is left: such a domain may name who was erased."""
    theirs = at_domain(subscribers.c.canonical) == f"@{receiver}"
    is_left = select(subscribers.c.id).where(theirs).limit(1)
    if connection.execute(is_left).first() is None:
        _forget(connection, [LaneKey(LaneKind.RECEIVER, receiver)])


@dataclass(frozen=True, slots=True)
class LaneNow:
    """How one lane is, for a person: `rate` is what it was slowed down to, in messages in a second,
    None when it was not; `closed_until` and the `code` that closed it are None when it is open, and
    in the past while it is tried with one message at a time."""

    kind: LaneKind
    name: str
    rate: float | None
    closed_until: datetime | None
    code: str | None


def lanes_now(connection: Connection, now: datetime) -> list[LaneNow]:
    """All lanes that are slowed down, closed or on trial, by kind and name."""
    known = _known(_rows(connection), now)
    told = [_lane_now(key, lane, now) for key, lane in sorted(known.items())]
    return [one for one in told if one.rate is not None or one.closed_until is not None]


def _lane_now(key: LaneKey, lane: Lane, now: datetime) -> LaneNow:
    code = lane.code if lane.closed_until is not None else None
    return LaneNow(key.kind, key.name, learned(lane, now), lane.closed_until, code)


def _known(rows: Mapping[LaneKey, _Row], now: datetime) -> dict[LaneKey, Lane]:
    return {key: row.lane for key, row in rows.items() if now - row.updated_at < _REMEMBERED}


def _rows(connection: Connection) -> dict[LaneKey, _Row]:
    return {
        LaneKey(_KINDS[kind], name): _Row(Lane(*[*state, tuple(refused)]), updated_at)
        for kind, name, *state, refused, updated_at in connection.execute(_all())
    }


def _write(connection: Connection, changed: Mapping[LaneKey, Lane], now: datetime) -> None:
    _put(connection, [_row(key, lane, now) for key, lane in changed.items()])


def _row(key: LaneKey, lane: Lane, now: datetime) -> tuple[Any, ...]:
    return (
        key.kind.value,
        key.name,
        lane.rate,
        lane.full_rate,
        lane.rate_changed_at,
        lane.next_at,
        lane.closed_until,
        lane.closed_for,
        lane.code,
        list(lane.refused),
        now,
    )


def _forget(connection: Connection, keys: Iterable[LaneKey]) -> None:
    gone = [{"its_kind": key.kind, "its_name": key.name} for key in keys]
    if gone:
        connection.execute(_gone(), gone)


@cache
def _all() -> Select[Any]:
    """Each row as its key, the state of the lane in the order of `Lane`, and when it changed."""
    return select(lanes)


@cache
def _gone() -> Delete:
    return delete(lanes).where(
        lanes.c.kind == bindparam("its_kind"), lanes.c.name == bindparam("its_name")
    )
