"""What people decide about deliveries that failed, or of which nobody knows what became.

Every function changes only rows in one of its cause's sources, by the table in `transitions`, and
gives their number. The rows keep the server's last reply; attempts are never forgotten.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, true

from newsletter.dispatch.moving import move
from newsletter.dispatch.transitions import Cause
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


def _reachable(edition_id: int) -> ColumnElement[bool]:
    return (deliveries.c.edition_id == edition_id) & deliveries.c.subscriber_id.is_not(None)


def _chosen(ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    if ids is None:
        return [true()]
    return [deliveries.c.id.in_(some) for some in id_slices(ids)]
