"""What was asked for with an address, as its owner may be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select, true

from newsletter.audience.requests.both_ends import addresses_had
from newsletter.domain.requests import RequestKind, RequestOutcome
from newsletter.storage.schema import requests


@dataclass(frozen=True, slots=True)
class AskedFor:
    """One request: `outcome` is None while nobody has looked at it, `confirmed_at` unless it was
    confirmed."""

    kind: RequestKind
    outcome: RequestOutcome | None
    at: datetime
    confirmed_at: datetime | None


def asked_for(connection: Connection, canonical: str) -> tuple[AskedFor, ...]:
    """The requests of whoever has the canonical address, also by those that they had before; the
    oldest first."""
    theirs = [
        and_(requests.c.canonical == one, true() if until is None else requests.c.asked_at <= until)
        for one, until in addresses_had(connection, canonical).items()
    ]
    query = select(requests).where(or_(*theirs)).order_by(requests.c.id)
    return tuple(
        AskedFor(
            RequestKind(row.kind),
            RequestOutcome(row.outcome) if row.outcome else None,
            row.asked_at,
            row.settled_at,
        )
        for row in connection.execute(query)
    )
