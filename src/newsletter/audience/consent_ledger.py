"""Writing subscriptions: the row and its line in the consent ledger, always together (L1).

The one place that writes either table, for one person and for a million.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, literal, select, update

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


@dataclass(frozen=True, slots=True)
class Change:
    """What subscriptions become that people keep, where that comes from and who says so;
    `resumes_at` is when a pause is over."""

    status: SubscriptionStatus
    source: str
    actor: str
    resumes_at: datetime | None = None


def change_subscriptions(
    connection: Connection, chosen: ColumnElement[bool], change: Change, at: datetime
) -> int:
    """Changes the subscriptions for which `chosen` holds, however many; gives their number.

    They keep their basis, and since when people have them.
    """
    kept = subscriptions.c["subscriber_id", "topic_id", "basis"]
    line = {
        "status": literal(change.status.value),
        "source": literal(change.source),
        "actor": literal(change.actor),
        "at": literal(at, consents.c.at.type),
    }
    lines = select(*kept, *line.values()).where(chosen)
    columns = [*(column.name for column in kept), *line]
    connection.execute(insert(consents).from_select(columns, lines))
    values = {"status": change.status, "resumes_at": change.resumes_at}
    return connection.execute(update(subscriptions).where(chosen).values(values)).rowcount


def write_rows(connection: Connection, rows: Sequence[Row], lines: Sequence[Row]) -> None:
    """Writes subscriptions, and the lines that tell of them and of what was before, as rows: the
    values of the columns of both tables, in their order, lines without their id.

    A subscription that is there keeps its basis, since who leaves was mailed on it, and the end of
    its pause, with which it goes on pausing when the list that ended it is taken back.
    """
    _WRITE_KEEPING_REST(connection, rows)
    _ADD_LINES(connection, lines)
