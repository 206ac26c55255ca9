"""The mail that receivers judge us by today: that of the recent editions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, select

from newsletter.reporting.complaints import complaints
from newsletter.reporting.split import Split, split
from newsletter.storage.schema import deliveries, editions

WINDOW = timedelta(days=30)
"""How far back the rates look: receivers' own figures do so, too."""


def recent_editions(connection: Connection, now: datetime, transport: str) -> list[int]:
    """The ids of the editions of which anything was attempted within the window, the newest first;
    when that is none, of the one attempted last: a monthly bulletin is judged by the one before.

    Only those of which this transport took mail: what went to the outbox reached nobody.
    """
    left = exists().where(
        deliveries.c.edition_id == editions.c.id, deliveries.c.transport == transport
    )
    query = (
        select(editions.c.id, editions.c.attempted_at)
        .where(editions.c.attempted_at.is_not(None), left)
        .order_by(editions.c.attempted_at.desc(), editions.c.id.desc())
    )
    within = query.where(editions.c.attempted_at > now - WINDOW)
    found = list(connection.execute(within).scalars())
    return found or list(connection.execute(query.limit(1)).scalars())


def splits(
    connection: Connection, edition_ids: Collection[int], transport: str
) -> dict[int, Split]:
    """What became of the mail of each of these editions, with what was complained of."""
    told = complaints(connection, edition_ids, transport)
    return {edition_id: split(connection, edition_id, told) for edition_id in edition_ids}
