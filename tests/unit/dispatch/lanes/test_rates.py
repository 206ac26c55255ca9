"""The token bucket of a lane: how it is used up, halved, and grows back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.lanes.lane import OPEN, Lane
from newsletter.dispatch.lanes.rates import (
    AS_GOOD_AS_NONE,
    LOWEST,
    effective,
    halved,
    learned,
    opens_at,
    paid_back,
    paying,
    recovered,
)

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def _begin_all(rate: float, waits: list[float]) -> list[datetime]:
    """Somebody who comes after each of these waits, and goes when they may."""
    lane, now, begun = OPEN, NOW, []
    for wait in waits:
        now += _seconds(wait)
        if opens_at(lane, rate, now) is None:
            lane = paying(lane, rate, now)
            begun.append(now)
    return begun


@given(
    st.sampled_from([1 / 3600, 0.5, 1.0, 1.7, 10.0, 100.0]),
    st.lists(st.sampled_from([0.0, 0.001, 0.1, 0.9, 1.0, 30.0, 4000.0]), max_size=60),
)
def test_never_more_than_the_rate_and_a_second_of_it_begin_in_any_time(
    rate: float, waits: list[float]
) -> None:
    begun = _begin_all(rate, waits)

    for (first, begins), (last, ends) in combinations(enumerate(begun), 2):
        allowed = rate * (ends - begins).total_seconds() + max(1.0, rate)
        assert last - first + 1 <= allowed + 0.001


def test_who_keeps_asking_gets_the_whole_rate() -> None:
    begun = _begin_all(2.5, [0.01] * 6000)

    assert len(begun) == pytest.approx(60 * 2.5, abs=3)


@pytest.mark.parametrize(("rate", "burst"), [(0.01, 1), (1.0, 1), (20.0, 20)])
def test_a_burst_is_a_second_of_the_rate_and_at_least_one_message(rate: float, burst: int) -> None:
    assert len(_begin_all(rate, [0.0] * 50)) == burst


def test_who_has_others_ahead_waits_for_them_as_well() -> None:
    lane = paying(OPEN, 0.1, NOW)

    assert opens_at(lane, 0.1, NOW, ahead=0) == NOW + _seconds(10)
    assert opens_at(lane, 0.1, NOW, ahead=3) == NOW + _seconds(40)


def test_a_message_that_did_not_go_uses_nothing_up() -> None:
    lane = paid_back(paying(OPEN, 0.1, NOW), 0.1)

    assert opens_at(lane, 0.1, NOW) is None
    assert lane.paid == 0


@given(
    st.integers(0, 10_000),
    st.none() | st.floats(0.001, 1000),
    st.none() | st.floats(LOWEST, 100),
)
def test_a_complaint_leaves_half_of_what_the_last_minute_had_at_most(
    lately: int, configured: float | None, before: float | None
) -> None:
    """S13"""
    lane = Lane(rate=before, full_rate=before and 1000.0, rate_changed_at=before and NOW - MINUTE)
    takes = effective(lane, configured, NOW)

    rate = effective(halved(lane, configured, lately / 60, NOW), configured, NOW)

    assert rate is not None
    assert rate <= max(lately / 120, LOWEST)
    assert takes is None or rate <= max(takes / 2, LOWEST)


@given(st.integers(3, 3000))
def test_in_the_minute_after_a_complaint_half_as_many_begin_at_most(lately: int) -> None:
    lane = halved(OPEN, None, lately / 60, NOW)
    rate = effective(lane, None, NOW)
    begun = 0

    for step in range(0, 60_000, 10):
        now = NOW + timedelta(milliseconds=step)
        while opens_at(lane, rate or 0, now) is None:
            lane, begun = paying(lane, rate or 0, now), begun + 1

    assert begun <= lately / 2


def test_complaints_within_a_minute_are_one() -> None:
    once = halved(OPEN, None, 10, NOW)

    assert halved(once, None, 10, NOW + _seconds(59)) == once
    assert learned(halved(once, None, 10, NOW + MINUTE), NOW + MINUTE) == 2.5


def test_a_rate_of_the_settings_below_the_lowest_is_kept() -> None:
    slower = halved(OPEN, 0.001, 1 / 60, NOW)

    assert effective(slower, 0.001, NOW) == 0.001


def test_a_quarter_comes_back_for_each_ten_minutes_without_a_complaint() -> None:
    slower = halved(OPEN, None, 10, NOW)

    rates = [learned(slower, NOW + minutes * MINUTE) for minutes in (0, 9, 10, 20)]

    assert rates == [5.0, 5.0, 6.25, 7.8125]


def test_the_rate_is_forgotten_when_it_has_grown_back() -> None:
    slower = halved(OPEN, 2.0, 10, NOW)

    assert recovered(slower, NOW + 30 * MINUTE) == slower
    assert recovered(slower, NOW + 40 * MINUTE).rate is None
    assert effective(slower, 2.0, NOW + 40 * MINUTE) == 2.0


def test_without_a_rate_in_the_settings_it_grows_until_that_is_as_good_as_none() -> None:
    slower = halved(OPEN, None, 1 / 60, NOW)

    assert slower.full_rate == AS_GOOD_AS_NONE
    assert learned(slower, NOW + timedelta(hours=4)) is not None
    assert learned(slower, NOW + timedelta(hours=6)) is None


def test_more_than_that_is_halved_all_the_same() -> None:
    slower = halved(OPEN, None, 80, NOW)

    assert slower.full_rate == 80
    assert learned(slower, NOW) == 40


def test_a_year_of_silence_is_no_number_too_many() -> None:
    assert learned(halved(OPEN, None, 1 / 60, NOW), NOW + timedelta(days=3650)) is None


def test_nothing_grows_while_the_lane_is_closed() -> None:
    closed = Lane(1.0, 10.0, NOW, closed_until=NOW + 5 * MINUTE)

    assert learned(closed, NOW + timedelta(hours=3)) == 1.0
