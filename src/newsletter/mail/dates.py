"""The Date of a message: the time of sending, with a numeric zone (RFC 5322 section 3.3; M8)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from functools import lru_cache

from newsletter.mail.header_rules import HeaderValueError


def date_value(sent_at: datetime) -> bytes:
    """The value of Date, to the second; raises HeaderValueError for a time without a zone."""
    zone = sent_at.utcoffset()
    if zone is None:
        raise HeaderValueError("Date needs a time with its zone")
    return _of_second(int(sent_at.timestamp()), zone)


@lru_cache(maxsize=8)
def _of_second(since_epoch: int, zone: timedelta) -> bytes:
    return format_datetime(datetime.fromtimestamp(since_epoch, timezone(zone))).encode("ascii")
