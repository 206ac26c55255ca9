"""Forgetting notices: those of somebody erased, and those whose time is over (L4, L6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, delete, or_, select, true, update

from newsletter.domain.notices import WAITING, NoticeKind
from newsletter.mail.addresses import parse_address
from newsletter.storage.schema import notices

_OF_TWO_ADDRESSES = (
    NoticeKind.ADDRESS_FROM,
    NoticeKind.ADDRESS_TO,
    NoticeKind.ADDRESS_CHANGED,
)
_ended_at: ColumnElement[datetime] = case(
    (notices.c.state.in_(WAITING), notices.c.expires_at), else_=notices.c.updated_at
)


def forget(
    connection: Connection,
    canonical: str,
    request_ids: Select[Any],
    until: datetime | None = None,
) -> int:
    """Removes every notice to the canonical address, about these requests, or about a change from
    it or to it, of those that were written `until` then; gives their number. One that is being
    handed over goes its way."""
    theirs = or_(
        notices.c.canonical == canonical,
        notices.c.request_id.in_(request_ids),
        notices.c.id.in_(_that_name(connection, canonical)),
    )
    written = notices.c.created_at <= until if until else true()
    return connection.execute(delete(notices).where(theirs, written)).rowcount


def detach(connection: Connection, request_ids: Sequence[int]) -> None:
    """Has no notice refer to these requests any more."""
    theirs = notices.c.request_id.in_(request_ids)
    connection.execute(update(notices).where(theirs).values(request_id=None))


def over(before: datetime) -> Select[Any]:
    """The notices that came to their end, or could be of no use any more, before then: id, at."""
    return select(notices.c.id, _ended_at.label("at")).where(_ended_at < before)


def remove(connection: Connection, ids: Sequence[int]) -> int:
    """Removes these notices; gives their number."""
    return connection.execute(delete(notices).where(notices.c.id.in_(ids))).rowcount


def _that_name(connection: Connection, canonical: str) -> list[int]:
    changed = select(notices.c.id, notices.c.details).where(notices.c.kind.in_(_OF_TWO_ADDRESSES))
    return [
        row.id
        for row in connection.execute(changed)
        if any(
            parse_address(one).canonical == canonical
            for name in ("old_address", "new_address")
            if (one := row.details.get(name))
        )
    ]
