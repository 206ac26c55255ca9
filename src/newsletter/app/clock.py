"""The clock that commands go by."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)
