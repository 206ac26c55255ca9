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


def test_a_pace_that_drops_is_followed_within_a_few_looks() -> None:
    pace = Pace(connections=10)
    pace.look(1000, 1.0)

    for _ in range(10):
        pace.look(0, 1.0)

    assert pace.to_hold == 11


def test_a_look_after_no_time_says_nothing() -> None:
    pace = Pace(connections=10)

    pace.look(5, 0.0)

    assert pace.to_hold == 11
