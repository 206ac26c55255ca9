"""Whether anything is asked for that somebody may have to do something about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, or_, select

from newsletter.storage.schema import requests


def is_any_unfinished(connection: Connection, now: datetime) -> bool:
    """Whether a request waits to be looked at, or may still be confirmed; takes no lock."""
    is_unfinished = or_(
        requests.c.answered_at.is_(None),
        requests.c.settled_at.is_(None) & (requests.c.expires_at > now),
    )
    return (
        connection.execute(select(requests.c.id).where(is_unfinished).limit(1)).first() is not None
    )
