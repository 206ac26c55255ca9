"""How long a deferred delivery waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.patience import Patience
from newsletter.domain.deliveries import DeliveryState, Outcome

FIRST = datetime(2026, 10, 5, 9, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
LATER = Outcome(DeliveryState.DEFERRED, 451, "4.3.0", "Not now")
GREYLISTED = Outcome(DeliveryState.DEFERRED, 450, "4.2.0", "Greylisted, see a page")


def _patience(chance: float = 0, first_retry: timedelta = HALF_AN_HOUR) -> Patience:
    return Patience(first_retry, timedelta(hours=72), chance=lambda: chance)


def _waits(patience: Patience, outcome: Outcome, number: int) -> list[float]:
    """The minutes between one attempt and the next, of so many attempts."""
    at, waits = FIRST, []
    for attempt in range(1, number + 1):
        following = patience.next_attempt(outcome, attempt, FIRST, at)
        waits.append((following - at) / timedelta(minutes=1))
        at = following
    return waits


def test_each_wait_is_twice_the_one_before() -> None:
    """S5."""
    assert _waits(_patience(), LATER, 4) == [30, 60, 120, 240]


def test_chance_makes_waits_longer_by_a_fifth_at_most_and_never_shorter() -> None:
    assert _waits(_patience(chance=1), LATER, 3) == [36, 72, 144]
    assert _waits(_patience(chance=0.5), LATER, 2) == [33, 66]


def test_a_server_that_greylists_is_asked_once_after_five_to_seven_minutes() -> None:
    """S5: an earlier single try."""
    assert _waits(_patience(), GREYLISTED, 3) == [5, 35, 70]
    assert _waits(_patience(chance=1), GREYLISTED, 1) == [7]


def test_greylisting_makes_no_wait_longer_than_the_settings_say() -> None:
    patience = _patience(first_retry=timedelta(minutes=1))

    assert _waits(patience, GREYLISTED, 1) == [1]


def test_a_repeat_of_what_was_greylisted_before_waits_as_long_as_any_other() -> None:
    following = _patience().next_attempt(GREYLISTED, 2, FIRST, FIRST)

    assert following == FIRST + HALF_AN_HOUR


def test_what_is_tried_once_more_after_many_attempts_begins_anew() -> None:
    following = _patience().next_attempt(LATER, 9, FIRST, FIRST)

    assert following == FIRST + HALF_AN_HOUR


def test_what_waited_long_before_its_first_attempt_waits_no_longer_for_it() -> None:
    """Put off, since its receiver was closed."""
    now = FIRST + timedelta(hours=5)

    assert _patience().next_attempt(LATER, 1, FIRST, now) == now + HALF_AN_HOUR


def test_no_wait_goes_beyond_the_end_of_patience() -> None:
    now = FIRST + timedelta(hours=71)

    assert _patience().next_attempt(LATER, 7, FIRST, now) == FIRST + timedelta(hours=72)


@pytest.mark.parametrize("outcome", [LATER, GREYLISTED])
@given(
    attempt=st.integers(1, 10_000),
    minutes=st.integers(0, 60 * 24),
    chance=st.floats(0, 1),
)
def test_no_server_is_asked_again_too_soon(
    outcome: Outcome, attempt: int, minutes: int, chance: float
) -> None:
    now = FIRST + timedelta(minutes=minutes)

    following = _patience(chance).next_attempt(outcome, attempt, FIRST, now)

    is_early = attempt == 1 and outcome is GREYLISTED
    assert following - now >= (timedelta(minutes=5) if is_early else HALF_AN_HOUR)
