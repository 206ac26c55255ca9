"""Whether the days and times of an event can be meant: event-times."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.composer.calendars.calendar_entries import CalendarEntry, Moment, instant
from newsletter.composer.findings.findings import FindingList, Place


def check_event_times(
    entry: CalendarEntry, start: Place, end: Place, findings: FindingList
) -> None:
    """Note an end before the start, a time without its fellow, and an hour that does not exist.

    `start` and `end` are where the two moments are written.
    """
    _check_hour(entry.starts, entry.zone, start, findings)
    if entry.ends is None:
        return
    _check_hour(entry.ends, entry.zone, end, findings)
    has_times = [clock is not None for _, clock in (entry.starts, entry.ends)]
    if any(has_times) and not all(has_times):
        findings.add("event-times", "half", end if has_times[0] else start)
    if _is_before(entry.ends, entry.starts, entry.zone):
        findings.add("event-times", "backwards", end)


def _check_hour(moment: Moment, zone: str, place: Place, findings: FindingList) -> None:
    """Note an hour that the clocks go forward over."""
    day, clock = moment
    if clock is None:
        return
    shown = instant(moment, zone).astimezone(ZoneInfo(zone))
    if shown.replace(tzinfo=None) != datetime.combine(day, clock):
        written = f"{day} {clock:%H:%M}"
        findings.add("event-times", "skipped", place, written=written, zone=zone)


def _is_before(one: Moment, other: Moment, zone: str) -> bool:
    """Whether it certainly is: a day without a time is the whole of it."""
    if one[1] is None or other[1] is None:
        return one[0] < other[0]
    return instant(one, zone) < instant(other, zone)  # the clocks may be turned between them
