"""What addresses were mailed about requests, counted from the requests themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from newsletter.domain.notices import WAITING, NoticeKind
from newsletter.domain.request_limits import Mailed
from newsletter.domain.requests import RequestKind, RequestOutcome
from newsletter.storage.schema import notices, requests

_MAILED = (RequestOutcome.MAILED, RequestOutcome.ON_LIST)
_NOTICES = {RequestKind.SIGN_UP: NoticeKind.CONFIRM} | {
    kind: NoticeKind(kind) for kind in RequestKind if kind is not RequestKind.SIGN_UP
}


@dataclass(frozen=True, slots=True)
class MailedBefore:
    """What an address was mailed, and when it last confirmed a sign-up, None for never."""

    mailed: Sequence[Mailed]
    confirmed_at: datetime | None


def mailed_before(
    connection: Connection, canonical: str, since: datetime, *, now: datetime
) -> MailedBefore:
    """What the canonical address was mailed since then, and perhaps some of what was before; what
    still waits to be sent, as without a relay, counts as mailed now."""
    still_waiting = _still_waiting(connection, canonical)
    rows = connection.execute(
        select(requests).where(
            requests.c.canonical == canonical,
            requests.c.outcome.in_(_MAILED),
            # A request may wait for its whole life to be looked at; none is mailed after it.
            requests.c.expires_at > since,
        )
    ).all()
    confirmed = [
        row.settled_at for row in rows if row.kind == RequestKind.SIGN_UP and row.settled_at
    ]
    mailed = [
        replace(one, at=now) if row.id in still_waiting else one
        for row in rows
        for one in _mailed(row)
    ]
    return MailedBefore(mailed, max(confirmed, default=None))


def confirmations_by_domain(connection: Connection, since: datetime) -> Counter[str]:
    """How many people of each domain were asked since then to confirm a sign-up."""
    found = connection.execute(
        select(requests.c.canonical).where(
            requests.c.answered_at > since,
            requests.c.kind == RequestKind.SIGN_UP,
            requests.c.outcome == RequestOutcome.MAILED,
        )
    ).scalars()
    return Counter(canonical.rpartition("@")[2] for canonical in found)


def _still_waiting(connection: Connection, canonical: str) -> set[int | None]:
    """The requests that are answered by a notice which has not gone out."""
    waiting = notices.c.state.in_(WAITING)
    query = select(notices.c.request_id).where(notices.c.canonical == canonical, waiting)
    return set(connection.execute(query).scalars())


def _mailed(row: Row[Any]) -> Iterator[Mailed]:
    is_on_list = row.outcome == RequestOutcome.ON_LIST
    yield Mailed(NoticeKind.ON_LIST if is_on_list else _NOTICES[row.kind], row.answered_at)
    if row.reminded_at is not None:
        yield Mailed(NoticeKind.REMINDER, row.reminded_at)
