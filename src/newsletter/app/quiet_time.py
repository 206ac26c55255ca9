"""When it is quiet where the site is, so that nothing goes out by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from newsletter.domain.quiet_hours import QuietHours
from newsletter.settings.model import Settings


@dataclass(frozen=True, slots=True)
class QuietTime:
    """The quiet hours of a site, in its time zone; without `hours` it is never quiet."""

    hours: QuietHours | None
    zone: ZoneInfo

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Those that the settings name."""
        return cls(settings.dispatch.quiet_hours, ZoneInfo(settings.site.timezone))

    def over_at(self, now: datetime) -> datetime | None:
        """When it is quiet no more; None when it is not quiet `now`."""
        return self.hours.over_at(now, self.zone) if self.hours else None

    def begins_at(self, now: datetime) -> datetime | None:
        """When it is quiet next; None for never."""
        return self.hours.begin_at(now, self.zone) if self.hours else None

    def part_of(self, since: datetime, until: datetime) -> timedelta:
        """How long it was quiet from `since` on and until `until`."""
        return self.hours.part_of(since, until, self.zone) if self.hours else timedelta()
