"""Whether the days and times of an event can be meant: event-times."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from newsletter.composer.calendars.calendar_entries import CalendarEntry, instant
from newsletter.composer.findings.findings import FindingList, Place


def check_event_times(
    entry: CalendarEntry, start: Place, end: Place, findings: FindingList
) -> None:
    """Note an end before the start, a time without its fellow, and an hour that does not exist.

    `start` and `end` are where the two moments are written.
    """
    moments = [(entry.starts, start)] + ([(entry.ends, end)] if entry.ends else [])
    for (day, clock), place in moments:
        if clock is not None and _is_skipped(day, clock, entry.zone):
            written = f"{day} {clock:%H:%M}"
            findings.add("event-times", "skipped", place, written=written, zone=entry.zone)
    if entry.ends is None:
        return
    (first, begins), (last, finishes) = entry.starts, entry.ends
    if (begins is None) is not (finishes is None):
        findings.add("event-times", "half", end if finishes is None else start)
    # Without a time it is a whole day; with two times, the clocks may be turned between them.
    if last < first or (begins and finishes and _is_backwards(entry)):
        findings.add("event-times", "backwards", end)


def _is_backwards(entry: CalendarEntry) -> bool:
    assert entry.ends is not None  # noqa: S101 - asked only of an event with an end
    return instant(entry.ends, entry.zone) < instant(entry.starts, entry.zone)


def _is_skipped(day: date, clock: time, zone: str) -> bool:
    """Whether the clocks go forward over it."""
    back = instant((day, clock), zone).astimezone(ZoneInfo(zone))
    return back.replace(tzinfo=None) != datetime.combine(day, clock)
