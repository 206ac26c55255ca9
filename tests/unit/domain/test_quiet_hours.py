"""When it is quiet, in nights in which the clocks change too."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from newsletter.domain.quiet_hours import QuietHours

LONDON = ZoneInfo("Europe/London")
NIGHT = QuietHours(time(22), time(7))
NOON = QuietHours(time(12), time(13))
MINUTE = timedelta(minutes=1)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "now", "over"),
    [
        (NIGHT, "2026-11-02T21:59", None),
        (NIGHT, "2026-11-02T22:00", "2026-11-03T07:00"),
        (NIGHT, "2026-11-03T00:30", "2026-11-03T07:00"),
        (NIGHT, "2026-11-03T06:59", "2026-11-03T07:00"),
        (NIGHT, "2026-11-03T07:00", None),
        (NOON, "2026-11-03T11:59", None),
        (NOON, "2026-11-03T12:00", "2026-11-03T13:00"),
        (NOON, "2026-11-03T13:00", None),
    ],
)
def test_it_is_quiet_from_the_one_time_on_and_until_the_other(
    quiet: QuietHours, now: str, over: str | None
) -> None:
    assert quiet.over_at(london(now), LONDON) == (london(over) if over else None)


@pytest.mark.parametrize(
    ("now", "begin"),
    [
        ("2026-11-02T12:00", "2026-11-02T22:00"),
        ("2026-11-02T22:00", "2026-11-03T22:00"),
        ("2026-11-02T23:00", "2026-11-03T22:00"),
    ],
)
def test_they_begin_anew_each_day(now: str, begin: str) -> None:
    assert NIGHT.begin_at(london(now), LONDON) == london(begin)


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-11-02", 9), ("2026-03-28", 8), ("2026-10-24", 10)]
)
def test_a_night_in_which_the_clocks_change_is_as_long_as_it_is(day: str, hours: int) -> None:
    begin = london(f"{day}T22:00")
    over = begin + timedelta(hours=hours)

    assert NIGHT.over_at(begin, LONDON) == over
    evening, morning = begin - timedelta(hours=5), over + timedelta(hours=5)
    assert NIGHT.part_of(evening, morning, LONDON) == timedelta(hours=hours)


def test_quiet_hours_end_once_in_a_night_that_has_their_end_twice() -> None:
    quiet = QuietHours(time(22), time(1, 30))

    first, second = (
        datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1)
    )

    assert quiet.over_at(first - MINUTE, LONDON) == second
    assert quiet.over_at(first, LONDON) == second
    assert quiet.over_at(second, LONDON) is None


times = st.times().map(lambda drawn: drawn.replace(second=0, microsecond=0))
zones = st.sampled_from(["Europe/London", "Australia/Lord_Howe", "America/St_Johns", "UTC"]).map(
    ZoneInfo
)


def moments(since: datetime, hours: int) -> st.SearchStrategy[datetime]:
    return st.integers(0, hours * 60).map(lambda minutes: since + minutes * MINUTE)


instants = (
    moments(datetime(2026, 1, 1, tzinfo=UTC), 2 * 365 * 24)
    | moments(datetime(2026, 10, 24, 20, tzinfo=UTC), 14)  # London's clocks are put back
    | moments(datetime(2026, 3, 28, 20, tzinfo=UTC), 14)  # and put on
)


@st.composite
def any_quiet_hours(draw: st.DrawFn) -> QuietHours:
    quiet = QuietHours(draw(times), draw(times))
    assume(quiet.begins != quiet.ends)
    return quiet


def shows_quiet(quiet: QuietHours, now: datetime, zone: ZoneInfo) -> bool:
    """What a person says who looks at the clock on the wall."""
    clock = now.astimezone(zone).time()
    if quiet.begins < quiet.ends:
        return quiet.begins <= clock < quiet.ends
    return clock >= quiet.begins or clock < quiet.ends


@given(any_quiet_hours(), zones, instants)
def test_it_is_quiet_whenever_the_clock_on_the_wall_says_so(
    quiet: QuietHours, zone: ZoneInfo, now: datetime
) -> None:
    if shows_quiet(quiet, now, zone):
        assert quiet.over_at(now, zone) is not None


@given(any_quiet_hours(), zones, instants)
def test_it_is_not_quiet_much_longer_than_the_clock_says(
    quiet: QuietHours, zone: ZoneInfo, now: datetime
) -> None:
    """An hour at most, and only where the clocks change."""
    if quiet.over_at(now, zone) is not None:
        hour = [now + timedelta(minutes=minute) for minute in range(-60, 61)]
        assert any(shows_quiet(quiet, around, zone) for around in hour)


@given(any_quiet_hours(), zones, instants)
def test_when_quiet_hours_are_over_it_is_not_quiet_and_until_then_it_is(
    quiet: QuietHours, zone: ZoneInfo, now: datetime
) -> None:
    over = quiet.over_at(now, zone)
    assume(over is not None)
    assert over is not None

    assert quiet.over_at(over, zone) is None
    assert quiet.over_at(now + (over - now) / 2, zone) == over
    assert quiet.part_of(now, over, zone) == over - now


@given(any_quiet_hours(), zones, instants)
def test_until_they_begin_it_is_not_quiet(quiet: QuietHours, zone: ZoneInfo, now: datetime) -> None:
    assume(quiet.over_at(now, zone) is None)

    begin = quiet.begin_at(now, zone)

    assert quiet.part_of(now, begin, zone) == timedelta()
    assert quiet.over_at(begin, zone) is not None


@given(any_quiet_hours(), zones, st.lists(instants, min_size=3, max_size=3).map(sorted))
def test_the_quiet_of_a_time_is_that_of_its_parts(
    quiet: QuietHours, zone: ZoneInfo, drawn: list[datetime]
) -> None:
    first, middle, last = drawn

    whole = quiet.part_of(first, last, zone)

    assert whole == quiet.part_of(first, middle, zone) + quiet.part_of(middle, last, zone)
    assert timedelta() <= whole <= last - first
