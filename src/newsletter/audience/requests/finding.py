"""Requests that are on record: by the handle in a link, and those that wait, in their order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, bindparam, not_, select

from newsletter.domain.people import Wording
from newsletter.domain.requests import LIFE, Request, RequestKind, RequestOutcome
from newsletter.storage.schema import requests, wordings

_WITH_WORDING = select(requests, *wordings.c["text", "version"], wordings.c.language.label("told"))
_ALL: Select[Any] = _WITH_WORDING.outerjoin(wordings, wordings.c.id == requests.c.wording_id)
_BY_HANDLE = _ALL.where(requests.c.handle == bindparam("handle", type_=requests.c.handle.type))
_WAITS = requests.c.answered_at.is_(None)


def by_handle(connection: Connection, handle: int) -> Request | None:
    """The request that a confirm token names, or None."""
    row = connection.execute(_BY_HANDLE, {"handle": handle}).first()
    return None if row is None else _request(row._mapping)


def waiting(
    connection: Connection, *, most: int, but_sign_ups_at: Collection[str] = ()
) -> list[Request]:
    """The requests that nobody has looked at yet, the oldest first, `most` at most; without the
    sign-ups of addresses at those domains, whose turn comes later."""
    query = _ALL.where(_WAITS, *(not_(_sign_up_at(one)) for one in but_sign_ups_at))
    rows = connection.execute(query.order_by(requests.c.id).limit(most))
    return [_request(row._mapping) for row in rows]


def still_waiting(connection: Connection, ids: Sequence[int]) -> list[Request]:
    """Which of these requests, a few hundred at most, still wait, in their order."""
    query = _ALL.where(_WAITS, requests.c.id.in_(ids)).order_by(requests.c.id)
    return [_request(row._mapping) for row in connection.execute(query)]


def unconfirmed(
    connection: Connection, *, mailed_until: datetime, at: datetime, after: int, most: int
) -> list[Request]:
    """The sign-ups that were mailed until then, are open `at` that time and have not been reminded
    of, in the order of their ids from `after` on; `most` at most."""
    query = _ALL.where(
        *_can_be_reminded_of(at), requests.c.answered_at <= mailed_until, requests.c.id > after
    )
    rows = connection.execute(query.order_by(requests.c.id).limit(most))
    return [_request(row._mapping) for row in rows]


def unconfirmed_one(connection: Connection, request_id: int, *, at: datetime) -> Request | None:
    """That sign-up, if it still is one of them."""
    query = _ALL.where(*_can_be_reminded_of(at), requests.c.id == request_id)
    row = connection.execute(query).first()
    return None if row is None else _request(row._mapping)


def _can_be_reminded_of(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        # What follows from being open, said in a way that the index finds.
        requests.c.answered_at > at - LIFE[RequestKind.SIGN_UP],
        requests.c.kind == RequestKind.SIGN_UP,
        requests.c.outcome == RequestOutcome.MAILED,
        requests.c.reminded_at.is_(None),
        requests.c.settled_at.is_(None),
        requests.c.expires_at > at,
    )


def _sign_up_at(domain: str) -> ColumnElement[bool]:
    return and_(
        requests.c.kind == RequestKind.SIGN_UP,
        requests.c.canonical.endswith(f"@{domain}", autoescape=True),
    )


def _request(data: RowMapping) -> Request:
    return Request(
        id=data["id"],
        handle=data["handle"],
        kind=RequestKind(data["kind"]),
        address=data["address"],
        canonical=data["canonical"],
        language=data["language"],
        details=data["details"],
        wording=_wording(data),
        source=data["source"],
        ip=data["ip"],
        asked_at=data["asked_at"],
        expires_at=data["expires_at"],
        outcome=RequestOutcome(data["outcome"]) if data["outcome"] else None,
        settled_at=data["settled_at"],
    )


def _wording(data: RowMapping) -> Wording | None:
    if data["wording_id"] is None:
        return None
    return Wording(data["text"], data["told"], data["version"])
