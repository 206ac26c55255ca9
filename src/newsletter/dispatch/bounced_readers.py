"""Readers whose address is none, by the server's word: mailed no more, by any edition (B3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from newsletter.domain.bounces import Verdict, verdict_on
from newsletter.domain.deliveries import DeliveryState, Outcome
from newsletter.domain.people import Suppression, SuppressionReason
from newsletter.storage.id_slices import id_slices
from newsletter.storage.schema import deliveries, editions, subscribers
from newsletter.storage.suppressing import suppress_addresses


def is_hard(outcome: Outcome) -> bool:
    """Whether an attempt failed for the address's sake, and for good; cheap for all others."""
    return outcome.state is DeliveryState.FAILED and verdict_on(outcome) is Verdict.HARD


def suppress_bounced(connection: Connection, bounced: Mapping[int, Outcome], at: datetime) -> None:
    """Suppresses the readers of these deliveries, with the edition and the server's codes as
    evidence: no words of the server, which quotes addresses. Left out is who was erased, and who
    has an address at another domain since: what the server said is not of that one."""
    suppress_addresses(
        connection,
        [
            _suppression(row, bounced[row.id], at)
            for row in _readers(connection, bounced)
            if row.receiver in (None, row.canonical.rpartition("@")[2])
        ],
    )


def _readers(connection: Connection, ids: Collection[int]) -> Iterator[Row[Any]]:
    columns = (*deliveries.c["id", "receiver"], subscribers.c.canonical, editions.c.slug)
    query: Select[Any] = (
        select(*columns)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .join(editions, editions.c.id == deliveries.c.edition_id)
    )
    for some in id_slices(ids):
        yield from connection.execute(query.where(deliveries.c.id.in_(some)))


def _suppression(row: Row[Any], outcome: Outcome, at: datetime) -> Suppression:
    codes = " ".join(str(code) for code in (outcome.code, outcome.enhanced) if code)
    evidence = f"edition {row.slug}: {codes}"
    return Suppression(row.canonical, SuppressionReason.HARD_BOUNCE, evidence, at)
