"""Quiet hours: the part of each day in which no mail goes out by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begins` on and until `ends`, each day, by the clock on the wall; over midnight when
    `ends` is the earlier one.

    Where the clocks change in them, they are the longer for it: they begin when the clock first
    shows that time, or would have, and end when it last does.
    """

    begins: time
    ends: time

    def over_at(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When the quiet hours of which `now` is a part are over; None when it is none of them."""
        over = now
        for begins, ends in self._times(now, now + 2 * _DAY, zone):
            if begins <= over < ends:
                over = ends
        return over.astimezone(now.tzinfo) if over > now else None

    def begin_at(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When quiet hours begin next, later than `now`."""
        times = self._times(now, now + 2 * _DAY, zone)
        return next(begins for begins, _ in times if begins > now).astimezone(now.tzinfo)

    def part_of(self, since: datetime, until: datetime, zone: ZoneInfo) -> timedelta:
        """How long it was quiet from `since` on and until `until`."""
        quiet, reached = timedelta(), since
        for begins, ends in self._times(since, until, zone):
            first, last = max(begins, reached), min(ends, until)
            if first < last:
                quiet += last - first
                reached = last
        return quiet

    def _times(
        self, since: datetime, until: datetime, zone: ZoneInfo
    ) -> Iterator[tuple[datetime, datetime]]:
        """All quiet hours that touch this time, and a few others, in their order."""
        day = since.astimezone(zone).date() - 2 * _DAY
        last = until.astimezone(zone).date() + _DAY
        while day <= last:
            end_day = day if self.begins < self.ends else day + _DAY
            yield min(_instants(day, self.begins, zone)), max(_instants(end_day, self.ends, zone))
            day += _DAY


def _instants(day: date, moment: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The two instants at which a clock shows a time when it is put back, the same one twice on
    most days; those by the old time and by the new when the clock is put on over it (PEP 495)."""
    local = datetime.combine(day, moment, zone)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
