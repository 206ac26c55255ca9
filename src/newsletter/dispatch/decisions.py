"""What people decide about deliveries that failed or wait, or of which nobody knows what became.

Every function changes only rows in one of its cause's sources, by the table in `transitions`, and
gives their number. The rows keep the server's last reply; attempts are never forgotten.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, or_, select, true, update

from newsletter.dispatch.moving import move
from newsletter.dispatch.transitions import Cause
from newsletter.domain.bounces import is_greylisting, is_too_fast
from newsletter.domain.deliveries import DeliveryState
from newsletter.storage.id_slices import id_slices
from newsletter.storage.schema import deliveries

_ANEW = {"first_attempt_at": None, "next_attempt_at": None}
"""Patience starts anew (S5): what is tried once more is not expired by its first attempt."""


def retry_failed(connection: Connection, edition_id: int, now: datetime) -> int:
    """Makes everything that failed pending again, but for people who were erased since."""
    return move(connection, Cause.RETRY, _reachable(edition_id), **_ANEW, updated_at=now)


def resend_unknown(
    connection: Connection, edition_id: int, ids: Collection[int] | None, now: datetime
) -> int:
    """Makes these unknown deliveries pending again, all of them when `ids` is None; people who
    were erased since are left out."""
    return sum(
        move(connection, Cause.RESEND, _reachable(edition_id) & one, **_ANEW, updated_at=now)
        for one in _chosen(ids)
    )


def accept_unknown(
    connection: Connection, edition_id: int, ids: Collection[int] | None, now: datetime
) -> int:
    """Takes somebody's word for it that the server has these, all unknown ones when `ids` is
    None."""
    of_edition = deliveries.c.edition_id == edition_id
    return sum(
        move(connection, Cause.MARK_ACCEPTED, of_edition & one, updated_at=now)
        for one in _chosen(ids)
    )


def doubt_pending(connection: Connection, edition_id: int, now: datetime) -> int:
    """Makes everything that is pending or deferred unknown: another copy of the database may have
    sent it."""
    of_edition = deliveries.c.edition_id == edition_id
    return move(connection, Cause.DOUBT, of_edition, next_attempt_at=None, updated_at=now)


def hurry_ours(connection: Connection, edition_id: int, now: datetime) -> int:
    """Makes due at once what is deferred for a fault of ours that was mended, and what was put off
    and never tried; gives their number. Nobody waits for hours, which came of refusals in vain.

    Who greylists, or wants us slower, is left the time that it asked for.
    """
    rows = connection.execute(_deferred_for_us(edition_id)).all()
    ids = [row.id for row in rows if not _asks_for_time(row)]
    hurried = update(deliveries).values(next_attempt_at=now)
    for some in id_slices(ids):
        connection.execute(hurried.where(deliveries.c.id.in_(some)))
    return len(ids)


def _deferred_for_us(edition_id: int) -> Select[Any]:
    """What the server refused for good and is deferred all the same, and what it deferred for its
    policy: `domain.bounces` says so in full, which no statement can."""
    is_ours = or_(deliveries.c.code.between(500, 599), deliveries.c.enhanced.like("4.7.%"))
    was_never_tried = deliveries.c.attempts == 0
    columns = deliveries.c["id", "code", "enhanced", "reply"]
    return select(*columns).where(
        deliveries.c.edition_id == edition_id,
        deliveries.c.state == DeliveryState.DEFERRED,
        or_(was_never_tried, is_ours),
    )


def _asks_for_time(row: Row[Any]) -> bool:
    answer = (row.code, row.enhanced, row.reply or "")
    return is_greylisting(*answer) or is_too_fast(*answer)


def _reachable(edition_id: int) -> ColumnElement[bool]:
    return (deliveries.c.edition_id == edition_id) & deliveries.c.subscriber_id.is_not(None)


def _chosen(ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    if ids is None:
        return [true()]
    return [deliveries.c.id.in_(some) for some in id_slices(ids)]
