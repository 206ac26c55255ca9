"""Writing subscriptions: the row and its line in the consent ledger, always together (L1)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, insert
from sqlalchemy.dialects.sqlite import insert as upsert

from newsletter.audience.grounds import Grounds
from newsletter.domain.people import SubscriptionStatus
from newsletter.storage.schema import consents, subscriptions


def write_subscriptions(
    connection: Connection,
    subscriber_ids: Collection[int],
    topic_id: int,
    status: SubscriptionStatus,
    grounds: Grounds,
) -> None:
    """Gives each of these people's subscriptions of the topic the status, and says why.

    The one place that writes either table. Whether the change is allowed is for the caller.
    """
    if not subscriber_ids:
        return
    common = {"topic_id": topic_id, "status": status, "basis": grounds.basis}
    row = upsert(subscriptions)
    connection.execute(
        row.on_conflict_do_update(
            index_elements=["subscriber_id", "topic_id"],
            set_={column: row.excluded[column] for column in ("status", "basis", "since")},
        ),
        [common | {"subscriber_id": one, "since": grounds.at} for one in subscriber_ids],
    )
    ledger = common | {
        "source": grounds.source,
        "wording": grounds.wording,
        "actor": grounds.actor,
        "at": grounds.at,
    }
    connection.execute(
        insert(consents), [ledger | {"subscriber_id": one} for one in subscriber_ids]
    )
