"""The index of handles, by which a token finds its person, after an import.

Handles are random. Kept up person by person, their index would be written all over, some 4 KB for
each; in the order of the handles it is written from one end to the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, or_, select, update

from newsletter.storage.bulk_insert import BulkInsert
from newsletter.storage.schema import handles, subscribers
from newsletter.tokens.random_ids import new_handle

_INDEX = BulkInsert(handles, ("handle", "subscriber_id"))


class UnindexedHandle(NamedTuple):
    """A handle, the number of its subscriber's row, and whether somebody else has the same."""

    handle: int
    subscriber_id: int
    is_taken: bool


def missing_handles(connection: Connection) -> Iterator[Sequence[UnindexedHandle]]:
    """The people who cannot be found by their handle yet, in its order, some hundreds at a time."""
    query = (
        select(subscribers.c.handle, subscribers.c.id, handles.c.subscriber_id)
        .outerjoin(handles, handles.c.handle == subscribers.c.handle)
        .where(or_(handles.c.subscriber_id.is_(None), handles.c.subscriber_id != subscribers.c.id))
        .order_by(subscribers.c.handle)
        .execution_options(yield_per=500)
    )
    before = None
    for rows in connection.execute(query).partitions():
        missing = []
        for handle, subscriber_id, other in rows:
            missing.append(
                UnindexedHandle(handle, subscriber_id, other is not None or handle == before)
            )
            before = handle
        yield missing


def index_handles(connection: Connection, missing: Sequence[UnindexedHandle]) -> None:
    """Lets these people be found by their handles; whose is taken, which no export of ours does,
    gets a new one."""
    rows = [(one.handle, one.subscriber_id) for one in missing if not one.is_taken]
    _INDEX(connection, rows + [_renewed(connection, one) for one in missing if one.is_taken])


def _renewed(connection: Connection, one: UnindexedHandle) -> tuple[int, int]:
    handle = new_handle()
    of_person = subscribers.c.id == one.subscriber_id
    connection.execute(update(subscribers).where(of_person).values(handle=handle))
    return handle, one.subscriber_id
