"""Quiet hours: the part of each day in which no mail goes out by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begins` on and until `ends`, each day, by the clock on the wall; over midnight when
    `ends` is the earlier one."""

    begins: time
    ends: time

    def over_at(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When the quiet hours of which `now` is a part are over; None when it is none of them."""
        there = now.astimezone(zone)
        if not self._includes(there.time()):
            return None
        day = there.date() if there.time() < self.ends else there.date() + timedelta(days=1)
        # By way of UTC: the clocks may change in the night.
        return datetime.combine(day, self.ends, zone).astimezone(now.tzinfo)

    def _includes(self, moment: time) -> bool:
        if self.begins < self.ends:
            return self.begins <= moment < self.ends
        return moment >= self.begins or moment < self.ends
