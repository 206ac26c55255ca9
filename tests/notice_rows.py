"""Notices in the queue, and how their rows stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from newsletter.audience.requests.asking import ask
from newsletter.dispatch.notices.queue import add_notices
from newsletter.domain.notices import NewNotice, NoticeKind
from newsletter.domain.requests import NewRequest, RequestKind
from newsletter.storage.schema import notices, requests

READER = "Reader@example.org"


def queue_notice(
    connection: Connection,
    at: datetime,
    kind: NoticeKind = NoticeKind.CONFIRM,
    address: str = READER,
    *,
    language: str = "en",
    life: timedelta = timedelta(days=7),
    request_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Puts one notice into the queue."""
    told = {"topics": ["monthly-bulletin"]} if details is None else details
    add_notices(connection, [NewNotice(kind, address, language, at + life, request_id, told)], at)


def ask_for(connection: Connection, at: datetime, kind: RequestKind = RequestKind.SIGN_UP) -> int:
    """Writes a request down; gives its row's number."""
    asked = NewRequest(kind, READER, "en", "a page", details={"topics": ["monthly-bulletin"]})
    ask(connection, [asked], at)
    return (
        connection.execute(select(requests.c.id).order_by(requests.c.id.desc())).scalars().first()
        or 0
    )


def rows(connection: Connection) -> list[Row[Any]]:
    """The queue, the oldest first."""
    return list(connection.execute(select(notices).order_by(notices.c.id)))
