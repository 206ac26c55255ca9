"""Examples of what servers said, each made fit for a report."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, select

from newsletter.reporting.safe_words import safe_words
from newsletter.storage.id_slices import id_slices
from newsletter.storage.schema import deliveries, subscribers


def example_words(connection: Connection, delivery_ids: Collection[int]) -> dict[int, str]:
    """What the servers said last of these deliveries, without what is known to name the person;
    nothing of those of which no words are kept."""
    query = select(
        *deliveries.c["id", "reply"], *subscribers.c["address", "canonical", "name"]
    ).join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
    return {
        row.id: safe_words(row.reply, _names(row))
        for some in id_slices(delivery_ids)
        for row in connection.execute(query.where(deliveries.c.id.in_(some)))
        if row.reply
    }


def _names(row: Row[Any]) -> set[str]:
    locals_ = {address.rpartition("@")[0] for address in (row.address, row.canonical)}
    return {row.name, *row.name.split(), *locals_}
