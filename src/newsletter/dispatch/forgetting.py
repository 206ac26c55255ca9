"""What the delivery rows forget of people who are no longer kept; the totals stay as they are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, update

from newsletter.dispatch.moving import move
from newsletter.dispatch.transitions import Cause
from newsletter.domain.deliveries import SkipReason
from newsletter.storage.schema import deliveries, delivery_attempts


def forget_recipients(
    connection: Connection, subscriber_ids: Collection[int], now: datetime
) -> int:
    """Takes these people out of their deliveries, at most a few hundred; gives the rows' number.

    What was still to be sent becomes skipped. What a sender has in its hands at this moment goes
    its way, and the ledger records nothing of the person either.
    """
    theirs = deliveries.c.subscriber_id.in_(subscriber_ids)
    values = {"reason": SkipReason.ERASED, "next_attempt_at": None, "updated_at": now}
    move(connection, Cause.ERASE, theirs, **values)
    # A server's reply often quotes the address.
    attempts = delivery_attempts.c.delivery_id.in_(select(deliveries.c.id).where(theirs))
    connection.execute(update(delivery_attempts).where(attempts).values(reply=None))
    # Nor may the receiver stay: a domain of one's own names its owner.
    blank = {"subscriber_id": None, "receiver": None, "reply": None}
    return connection.execute(update(deliveries).where(theirs).values(**blank)).rowcount
