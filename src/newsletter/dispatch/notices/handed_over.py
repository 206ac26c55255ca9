"""Whether the mail about a request has gone out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, exists, select

from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.notices import NoticeKind
from newsletter.storage.schema import notices


def was_accepted(
    connection: Connection, request_id: int, kind: NoticeKind, *, until: datetime
) -> bool:
    """Whether a relay had accepted a notice of that kind about the request by then."""
    accepted = exists().where(
        notices.c.request_id == request_id,
        notices.c.kind == kind,
        notices.c.state == DeliveryState.ACCEPTED,
        notices.c.updated_at <= until,
    )
    return bool(connection.execute(select(accepted)).scalar())
