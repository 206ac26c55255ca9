"""Writing subscriptions: the row and its line in the consent ledger, always together (L1).

The one place that writes either table, for one person and for a million.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from newsletter.audience.grounds import Grounds
from newsletter.audience.wordings import wording_id
from newsletter.domain.people import SubscriptionStatus
from newsletter.storage.bulk_insert import BulkInsert, Row
from newsletter.storage.schema import consents, subscriptions

_SUBSCRIPTION = ("subscriber_id", "topic_id", "status", "basis", "since", "resumes_at")
_WRITE = BulkInsert(
    subscriptions, _SUBSCRIPTION, updating=("status", "basis", "since", "resumes_at")
)
_WRITE_KEEPING_REST = BulkInsert(subscriptions, _SUBSCRIPTION, updating=("status", "since"))
_ADD_LINES = BulkInsert(
    consents,
    (
        *("subscriber_id", "topic_id", "status", "basis", "source"),
        *("wording_id", "actor", "ip", "at", "import_id"),
    ),
)


def write_subscriptions(
    connection: Connection,
    subscriber_ids: Collection[int],
    topic_id: int,
    status: SubscriptionStatus,
    grounds: Grounds,
    *,
    resumes_at: datetime | None = None,
) -> None:
    """Gives each of these people's subscriptions of the topic the status, and says why.

    `resumes_at` is when a pause is over; without it, what there was goes. Whether the change is
    allowed is for the caller. At most a few hundred people at a time.
    """
    what = (topic_id, status.value, grounds.basis.value)
    wording = wording_id(connection, grounds.wording)
    why = (grounds.source, wording, grounds.actor, grounds.ip, grounds.at, None)
    _WRITE(connection, [(person, *what, grounds.at, resumes_at) for person in subscriber_ids])
    _ADD_LINES(connection, [(person, *what, *why) for person in subscriber_ids])


def write_rows(connection: Connection, rows: Sequence[Row], lines: Sequence[Row]) -> None:
    """Writes subscriptions, and the lines that tell of them and of what was before, as rows: the
    values of the columns of both tables, in their order, lines without their id.

    A subscription that is there keeps its basis, since who leaves was mailed on it, and the end of
    its pause, with which it goes on pausing when the list that ended it is taken back.
    """
    _WRITE_KEEPING_REST(connection, rows)
    _ADD_LINES(connection, lines)
