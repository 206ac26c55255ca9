"""How many deliveries to take on ahead."""

from __future__ import annotations

import pytest

from newsletter.dispatch.pace import Pace


def test_at_first_each_connection_has_one_and_one_waits() -> None:
    assert Pace(connections=10).to_hold == 11


@pytest.mark.parametrize("per_second", [2, 50, 1000, 4000])
def test_what_is_taken_on_is_a_second_of_work_at_most_beside_what_is_in_hand(
    per_second: int,
) -> None:
    """Design 5"""
    pace = Pace(connections=10)

    for _ in range(20):
        pace.look(per_second, 1.0)

    assert 10 < pace.to_hold <= 10 + per_second


@pytest.mark.parametrize("between", [0.1, 0.25, 0.5])
def test_answers_that_come_all_at_once_are_no_faster_than_they_are(between: float) -> None:
    """A relay that takes a second for each message, over ten connections: ten in a second."""
    pace = Pace(connections=10)
    held = []

    for number in range(100):
        is_second = (number + 1) * between % 1 < between
        pace.look(10 if is_second else 0, between)
        held.append(pace.to_hold)

    assert max(held) <= 10 + 10


def test_a_fast_relay_is_kept_busy_from_the_first_half_second_on() -> None:
    pace = Pace(connections=10)

    for _ in range(20):
        pace.look(pace.to_hold, 0.025)

    assert pace.to_hold > 100


def test_a_pace_that_drops_is_followed_within_seconds() -> None:
    pace = Pace(connections=10)
    pace.look(1000, 1.0)

    for _ in range(3):
        pace.look(0, 1.0)

    assert pace.to_hold == 11
