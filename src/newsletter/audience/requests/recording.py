"""What becomes of a request: looked at once, reminded of once, settled once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, update

from newsletter.domain.requests import RequestKind, RequestOutcome
from newsletter.storage.schema import requests


def record_outcome(
    connection: Connection, ids: Sequence[int], outcome: RequestOutcome, at: datetime
) -> None:
    """Writes down what came of looking at these requests, a few hundred at most; they wait no
    more."""
    unanswered = requests.c.id.in_(ids) & requests.c.answered_at.is_(None)
    connection.execute(update(requests).where(unanswered).values(answered_at=at, outcome=outcome))


def record_reminder(connection: Connection, request_id: int, at: datetime) -> None:
    """Writes down that whoever made the request was reminded of it."""
    connection.execute(update(requests).where(requests.c.id == request_id).values(reminded_at=at))


def settle(connection: Connection, request_id: int, at: datetime) -> bool:
    """Settles a request that is open at that time; gives whether it was, which is so once (T3)."""
    is_open = requests.c.settled_at.is_(None) & (requests.c.expires_at > at)
    query = update(requests).where(requests.c.id == request_id, is_open).values(settled_at=at)
    return connection.execute(query).rowcount == 1


def end_early(
    connection: Connection, canonical: str, kinds: Collection[RequestKind], at: datetime
) -> None:
    """Ends the time in which requests of these kinds could be confirmed that whoever has the
    canonical address has made."""
    theirs = (requests.c.canonical == canonical) & requests.c.kind.in_(kinds)
    still_open = theirs & (requests.c.expires_at > at)
    connection.execute(update(requests).where(still_open).values(expires_at=at))
