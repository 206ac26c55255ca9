"""Writing a request down: the same work whoever asks, and whatever is known of them (T13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert

from newsletter.audience.wordings import wording_id
from newsletter.domain.requests import LIFE, NewRequest
from newsletter.mail.addresses import parse_address
from newsletter.storage.schema import requests
from newsletter.tokens.random_ids import new_handle


def ask(connection: Connection, new: Sequence[NewRequest], at: datetime) -> None:
    """Writes these requests down, to be looked at later; raises BadAddress for an address that is
    none (M12 to M14)."""
    connection.execute(insert(requests), [_row(connection, one, at) for one in new])


def _row(connection: Connection, new: NewRequest, at: datetime) -> dict[str, object]:
    address = parse_address(new.address)
    return {
        "handle": new_handle(),
        "kind": new.kind,
        "address": address.typed,
        "canonical": address.canonical,
        "language": new.language,
        "details": dict(new.details),
        "wording_id": wording_id(connection, new.wording),
        "source": new.source,
        "ip": new.ip,
        "asked_at": at,
        "expires_at": at + LIFE[new.kind],
    }
