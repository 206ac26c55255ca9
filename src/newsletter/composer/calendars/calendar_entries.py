"""Calendar entries: an event that readers put into their own calendar by one link (RFC 5545)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from newsletter.domain.compiled import CompiledMedia

Moment = tuple[date, time | None]
"""A day, and a time of it where there is one."""

_PRODUCT = "-//newsletter//composer//EN"
_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """An event: its words in one language, and its days and times in the zone named `zone`.

    `ends` is None when nobody knows; an event without a time lasts whole days. `identity` is the
    same in all languages, so that a reader who takes both has one entry.
    """

    identity: str
    summary: str
    location: str
    starts: Moment
    ends: Moment | None
    zone: str


@lru_cache(maxsize=256)
def write_calendar(entry: CalendarEntry) -> CompiledMedia:
    """The entry as an `.ics` file named by its content; the same entry gives the same bytes."""
    # Imported here, since it takes long to load and few editions announce anything.
    from icalendar import Calendar, Event

    event = Event()
    event.add("uid", f"{sha256(entry.identity.encode()).hexdigest()[:32]}@newsletter")
    # Asked for by the standard; an hour of our own making it would change the file's name daily.
    event.add("dtstamp", instant(entry.starts, entry.zone))
    event.add("dtstart", _moment(entry.starts, entry.zone))
    if entry.ends is not None:
        event.add("dtend", _end(entry))
    event.add("summary", entry.summary)
    if entry.location:
        event.add("location", entry.location)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add_component(event)
    content = calendar.to_ical()
    return CompiledMedia(f"{sha256(content).hexdigest()[:32]}.ics", _TYPE, content)


def instant(moment: Moment, zone: str) -> datetime:
    """The moment that is written in `zone`, in UTC; a day without a time begins at midnight."""
    local = datetime.combine(moment[0], moment[1] or time(), tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def _moment(moment: Moment, zone: str) -> date | datetime:
    return moment[0] if moment[1] is None else instant(moment, zone)


def _end(entry: CalendarEntry) -> date | datetime:
    assert entry.ends is not None  # noqa: S101 - the caller asks for an end that there is
    if entry.starts[1] is None or entry.ends[1] is None:
        # The end of an event of whole days is the day after its last (RFC 5545 section 3.6.1).
        last = entry.ends[0] + timedelta(days=1)
        return last if entry.starts[1] is None else instant((last, None), entry.zone)
    return instant(entry.ends, entry.zone)
