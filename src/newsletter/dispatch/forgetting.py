"""What the delivery rows forget of people who are no longer kept; the totals stay as they are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, update

from newsletter.domain.deliveries import DeliveryState, SkipReason
from newsletter.storage.schema import deliveries

_OPEN = (DeliveryState.PENDING, DeliveryState.DEFERRED)


def forget_recipients(
    connection: Connection, subscriber_ids: Collection[int], now: datetime
) -> int:
    """Takes these people out of their deliveries, at most a few hundred; gives the rows' number.

    What was still to be sent becomes skipped. What a sender has in its hands at this moment goes
    its way, and the ledger records nothing of the person either.
    """
    theirs = deliveries.c.subscriber_id.in_(subscriber_ids)
    connection.execute(
        update(deliveries)
        .where(theirs, deliveries.c.state.in_(_OPEN))
        .values(
            state=DeliveryState.SKIPPED,
            reason=SkipReason.ERASED,
            next_attempt_at=None,
            updated_at=now,
        )
    )
    # A server's reply often quotes the address.
    return connection.execute(
        update(deliveries).where(theirs).values(subscriber_id=None, reply=None)
    ).rowcount
