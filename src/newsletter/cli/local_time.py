"""Instants as people at the site read them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def local_time(instant: datetime, zone: str) -> str:
    """The instant to the minute in the zone of that name: `2026-10-05 10:00`."""
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def local_clock(instant: datetime, zone: str) -> str:
    """What a clock there shows at the instant: `07:00`."""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"
