"""Writing subscriptions: the row and its line in the consent ledger, always together (L1)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, Table, insert, literal, select

from newsletter.audience.grounds import Grounds
from newsletter.audience.wordings import wording_id
from newsletter.domain.people import SubscriptionStatus
from newsletter.storage.schema import consents, subscribers, subscriptions
from newsletter.storage.upserts import upsert


def write_subscriptions(
    connection: Connection,
    subscriber_ids: Collection[int],
    topic_id: int,
    status: SubscriptionStatus,
    grounds: Grounds,
) -> None:
    """Gives each of these people's subscriptions of the topic the status, and says why.

    The one place that writes either table. Whether the change is allowed is for the caller. At most
    a few hundred people at a time.
    """
    if not subscriber_ids:
        return
    common = {"topic_id": topic_id, "status": status, "basis": grounds.basis}
    current = common | {"since": grounds.at}
    row = upsert(connection, subscriptions).from_select(
        ["subscriber_id", *current], _for_each(subscriber_ids, subscriptions, current)
    )
    connection.execute(
        row.on_conflict_do_update(
            index_elements=["subscriber_id", "topic_id"],
            set_={column: row.excluded[column] for column in ("status", "basis", "since")},
        )
    )
    line = common | {
        "source": grounds.source,
        "wording_id": wording_id(connection, grounds.wording),
        "actor": grounds.actor,
        "ip": grounds.ip,
        "at": grounds.at,
    }
    connection.execute(
        insert(consents).from_select(
            ["subscriber_id", *line], _for_each(subscriber_ids, consents, line)
        )
    )


def _for_each(
    subscriber_ids: Collection[int], table: Table, values: dict[str, object]
) -> Select[Any]:
    # Only the ids go to the database one by one: a long import holds the write lock for less time.
    same = [literal(value, table.c[column].type) for column, value in values.items()]
    return select(subscribers.c.id, *same).where(subscribers.c.id.in_(subscriber_ids))
