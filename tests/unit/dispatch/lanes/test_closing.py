"""When a lane closes, for how long, and what opens it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest

from newsletter.dispatch.lanes.closing import (
    ASKED,
    CROWDED,
    REFUSED,
    Pause,
    accepted,
    closed,
    mended,
    opens_at,
    refused,
)
from newsletter.dispatch.lanes.lane import OPEN, Lane
from newsletter.dispatch.lanes.rates import halved, learned

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OURS = "550 5.7.515"
PAUSE = "421 4.7.0"


def _refused(*ids: int, lane: Lane = OPEN, now: datetime = NOW) -> Lane:
    return reduce(lambda so_far, number: refused(so_far, number, OURS, now), ids, lane)


@pytest.mark.parametrize(
    ("pause", "minutes"),
    [
        (ASKED, [5, 10, 20, 40, 60, 60]),
        (CROWDED, [1, 2, 4, 8, 15, 15]),
        (REFUSED, [30, 60, 120, 240, 240]),
    ],
)
def test_each_pause_after_a_trial_that_failed_is_twice_as_long(
    pause: Pause, minutes: list[int]
) -> None:
    lane, now, told = OPEN, NOW, []

    for _ in minutes:
        lane = closed(lane, pause, PAUSE, now)
        assert lane.closed_until is not None
        told.append((lane.closed_until - now) / MINUTE)
        now = lane.closed_until

    assert told == minutes


def test_what_was_under_way_and_is_told_to_wait_as_well_doubles_nothing() -> None:
    lane = closed(OPEN, ASKED, PAUSE, NOW)

    again = closed(lane, ASKED, PAUSE, NOW + MINUTE)

    assert again.closed_until == NOW + 6 * MINUTE
    assert again.closed_for == 300


def test_the_third_reader_in_a_row_closes_the_lane_for_half_an_hour() -> None:
    """S4"""
    assert _refused(1, 2).closed_until is None
    assert _refused(1, 2, 3).closed_until == NOW + 30 * MINUTE


def test_one_reader_who_is_refused_again_and_again_closes_nothing() -> None:
    assert _refused(1, 1, 1, 1).closed_until is None


def test_acceptance_ends_the_row() -> None:
    lane = accepted(_refused(1, 2), NOW)

    assert lane == OPEN
    assert _refused(3, 4, lane=lane).closed_until is None


def test_who_was_under_way_when_it_closed_is_counted_and_lengthens_nothing() -> None:
    lane = _refused(1, 2, 3)

    later = _refused(4, 5, lane=lane, now=NOW + MINUTE)

    assert later.refused == (1, 2, 3, 4, 5)
    assert later.closed_until == lane.closed_until


def test_a_trial_that_is_refused_closes_for_twice_as_long() -> None:
    opened = NOW + 30 * MINUTE

    lane = _refused(1, lane=_refused(1, 2, 3), now=opened)

    assert lane.closed_until == opened + 60 * MINUTE


def test_a_trial_that_is_accepted_opens_the_lane_and_the_next_pause_is_a_short_one() -> None:
    lane = closed(closed(OPEN, ASKED, PAUSE, NOW), ASKED, PAUSE, NOW + 5 * MINUTE)

    lane = accepted(lane, NOW + 15 * MINUTE)

    assert lane == OPEN
    assert closed(lane, ASKED, PAUSE, NOW).closed_for == 300


def test_what_was_under_way_when_it_closed_and_is_accepted_opens_nothing() -> None:
    lane = accepted(_refused(1, 2, 3), NOW + MINUTE)

    assert lane.is_closed(NOW + 29 * MINUTE)
    assert lane.refused == ()


def test_the_rate_grows_from_when_the_lane_opened_and_can_be_halved_at_once() -> None:
    lane = closed(halved(OPEN, None, 10, NOW), ASKED, PAUSE, NOW)
    opened = NOW + 5 * MINUTE

    lane = accepted(lane, opened + timedelta(hours=1))

    assert learned(lane, opened) == 5
    assert learned(lane, opened + 9 * MINUTE) == 6.25
    assert learned(halved(lane, None, 1, opened), opened) == 0.5


def test_those_who_were_refused_go_first_when_the_lane_opens() -> None:
    lane = _refused(1, 2, 3)
    opens = NOW + 30 * MINUTE

    assert opens_at(lane, 2, NOW) == opens
    assert opens_at(lane, 4, NOW) == opens + MINUTE
    assert opens_at(lane, 2, opens) is None
    assert opens_at(lane, 4, opens + MINUTE) is None


def test_when_five_were_refused_only_they_are_asked_until_they_had_an_hour() -> None:
    """S4: a sixth reader's message would fare the same."""
    lane = _refused(1, 2, 3, 4, 5)
    opens = NOW + 30 * MINUTE

    assert opens_at(lane, 5, opens) is None
    assert opens_at(lane, 6, opens) == opens + timedelta(hours=1)
    assert opens_at(lane, 6, opens + timedelta(hours=1)) is None


def test_after_a_pause_anybody_may_go() -> None:
    lane = closed(OPEN, ASKED, PAUSE, NOW)

    assert opens_at(lane, 1, NOW) == NOW + 5 * MINUTE
    assert opens_at(lane, 1, NOW + 5 * MINUTE) is None


def test_what_is_mended_opens_at_once_but_for_a_pause_that_was_asked_for() -> None:
    asked = refused(closed(OPEN, ASKED, PAUSE, NOW), 7, OURS, NOW)

    assert mended(_refused(1, 2, 3)) == OPEN
    assert mended(asked) == closed(OPEN, ASKED, PAUSE, NOW)
