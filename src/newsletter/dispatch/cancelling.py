"""Cancelling: what was not begun is not sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from newsletter.dispatch.moving import move
from newsletter.dispatch.transitions import Cause
from newsletter.domain.deliveries import SkipReason
from newsletter.domain.editions import EditionState
from newsletter.storage.schema import deliveries, editions


def cancel_open(connection: Connection, edition_id: int, now: datetime) -> int:
    """Skips what is pending or deferred of the edition; gives the number."""
    return move(
        connection,
        Cause.CANCEL,
        deliveries.c.edition_id == edition_id,
        reason=SkipReason.CANCELLED,
        next_attempt_at=None,
        updated_at=now,
    )


def cancel_open_of_cancelled(
    connection: Connection, edition_ids: Collection[int], now: datetime
) -> None:
    """The same for those of these editions that somebody has cancelled.

    To be called by whoever gives deliveries back, since the edition may have been cancelled while
    they were under way.
    """
    cancelled = select(editions.c.id).where(
        editions.c.id.in_(edition_ids), editions.c.state == EditionState.CANCELLED
    )
    for edition_id in connection.execute(cancelled).scalars().all():
        cancel_open(connection, edition_id, now)
