"""Days and times as authors write them: `2026-11-03`, `2026-11-03 19:00`, in the site's zone."""

from __future__ import annotations

import re
from datetime import date, datetime, time

_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}))?")


def read_moment(text: str) -> tuple[date, time | None] | None:
    """The day, and the time when there is one; None for what is neither, or no day that exists."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}")
    except ValueError:
        return None
    return moment.date(), moment.time() if found[2] else None
