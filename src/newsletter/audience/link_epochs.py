"""Making every link void that opens a person's preferences (T4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, update

from newsletter.domain.people import READER
from newsletter.storage import audit
from newsletter.storage.schema import subscribers


def void_links(connection: Connection, subscriber_id: int, *, at: datetime) -> int:
    """Raises the person's epoch, by their own word and on the record; gives the new one.

    Whoever has an older link, by a newsletter that was passed on, opens nothing with it. Links
    that lead to leaving know no epochs.
    """
    raised = (
        update(subscribers)
        .where(subscribers.c.id == subscriber_id)
        .values(epoch=subscribers.c.epoch + 1)
        .returning(subscribers.c.epoch)
    )
    epoch: int = connection.execute(raised).scalar_one()
    audit.record(
        connection,
        actor=READER,
        action="reader voids links",
        subject="one person",
        detail="",
        at=at,
    )
    return epoch
