"""The queue of notices: rows in a table of their own, so that no edition waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert

from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.notices import NewNotice
from newsletter.mail.addresses import parse_address
from newsletter.storage.schema import notices
from newsletter.tokens.random_ids import new_handle


def add_notices(connection: Connection, new: Sequence[NewNotice], at: datetime) -> None:
    """Puts these into the queue; raises BadAddress for an address that is none."""
    if new:
        connection.execute(insert(notices), [_row(one, at) for one in new])


def _row(new: NewNotice, at: datetime) -> dict[str, object]:
    address = parse_address(new.address)
    return {
        "handle": new_handle(),
        "kind": new.kind,
        "request_id": new.request_id,
        "address": address.typed,
        "canonical": address.canonical,
        "language": new.language,
        "details": dict(new.details),
        "state": DeliveryState.PENDING,
        "created_at": at,
        "expires_at": new.expires_at,
        "attempts": 0,
        "next_attempt_at": at,
        "updated_at": at,
    }
