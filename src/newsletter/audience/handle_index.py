"""The index of handles, by which a token finds its person, after an import.

Handles are random. Kept up person by person, their index would be written all over, some 4 KB for
each; in the order of the handles it is written from one end to the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from newsletter.storage.bulk_insert import BulkInsert
from newsletter.storage.schema import handles, subscribers

_INDEX = BulkInsert(handles, ("handle", "subscriber_id"))

HandleRow = tuple[int, int]
"""A handle and the number of its subscriber's row."""


def missing_handles(connection: Connection) -> Iterator[Sequence[HandleRow]]:
    """The people who cannot be found by their handle yet, in its order, some hundreds at a time."""
    query = (
        select(subscribers.c.handle, subscribers.c.id)
        .where(~select(handles.c.handle).where(handles.c.handle == subscribers.c.handle).exists())
        .order_by(subscribers.c.handle)
        .execution_options(yield_per=500)
    )
    for rows in connection.execute(query).partitions():
        yield [(row.handle, row.id) for row in rows]


def index_handles(connection: Connection, rows: Sequence[HandleRow]) -> None:
    """Lets these people be found by their handles."""
    _INDEX(connection, rows)
