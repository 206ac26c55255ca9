"""Taking notices on, one by one: whoever has one answers for it until its lease is over.

One that is being sent is due again at the end of its lease, so that all that are due are those
whose time has come, and a process that dies loses nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select, update

from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.notices import WAITING, Notice, NoticeKind, NoticeSkip
from newsletter.storage.schema import notices, requests

LEASE = timedelta(minutes=5)
"""Longer than sending one can take."""


def how_many_due(connection: Connection, now: datetime) -> int:
    """How many wait to be sent now, or to be passed over; takes no lock, and next to no time."""
    query = select(func.count()).select_from(notices).where(_is_due(now))
    return connection.execute(query).scalar_one()


def expire(connection: Connection, now: datetime) -> int:
    """Passes over those that came too late to be of use; gives their number."""
    is_over = _is_due(now) & (notices.c.expires_at <= now)
    passed_over = (
        update(notices)
        .where(is_over)
        .values(
            state=DeliveryState.SKIPPED,
            reason=NoticeSkip.EXPIRED,
            claimed_until=None,
            updated_at=now,
        )
    )
    return connection.execute(passed_over).rowcount


def claim(connection: Connection, now: datetime) -> Notice | None:
    """Takes on the one that has waited longest of those that are due; None when none is.

    Two processes never take on the same one: who writes to the database has it alone meanwhile.
    """
    row = connection.execute(_next(now)).first()
    if row is None:
        return None
    first_attempt_at = row.first_attempt_at or now
    connection.execute(
        update(notices)
        .where(notices.c.id == row.id)
        .values(
            state=DeliveryState.SENDING,
            attempts=row.attempts + 1,
            first_attempt_at=first_attempt_at,
            next_attempt_at=now + LEASE,
            claimed_until=now + LEASE,
            updated_at=now,
        )
    )
    return _claimed(row, first_attempt_at)


def _next(now: datetime) -> Select[Any]:
    return (
        select(
            notices,
            requests.c.handle.label("request_handle"),
            func.coalesce(requests.c.asked_at, notices.c.created_at).label("asked_at"),
        )
        .outerjoin(requests, requests.c.id == notices.c.request_id)
        .where(_is_due(now), notices.c.expires_at > now)
        .order_by(notices.c.next_attempt_at, notices.c.id)
        .limit(1)
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(notices.c.state.in_(WAITING), notices.c.next_attempt_at <= now)


def _claimed(row: Row[Any], first_attempt_at: datetime) -> Notice:
    return Notice(
        id=row.id,
        handle=row.handle,
        kind=NoticeKind(row.kind),
        address=row.address,
        canonical=row.canonical,
        language=row.language,
        details=row.details,
        request_handle=row.request_handle,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        attempt=row.attempts + 1,
        first_attempt_at=first_attempt_at,
    )
