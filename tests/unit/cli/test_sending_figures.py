"""The figures of a run: the rate is of the last seconds, and the numbers add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.cli.sending_figures import Rate, SendingFigures, duration
from newsletter.domain.deliveries import DeliveryState as State


def test_what_is_open_at_the_beginning_is_what_a_run_may_have_to_send() -> None:
    counts = {State.PENDING: 7, State.DEFERRED: 2, State.SENDING: 1, State.ACCEPTED: 90}

    figures = SendingFigures(counts, 0.0)

    assert (figures.total, figures.done, figures.outcomes) == (10, 0, "nothing yet")


def test_what_came_of_them_is_told_in_one_order_without_noughts() -> None:
    figures = SendingFigures({State.PENDING: 9}, 0.0)

    figures.add(State.SKIPPED, 3)
    figures.add(State.UNKNOWN)
    figures.add(State.ACCEPTED)
    figures.add(State.ACCEPTED)

    assert (figures.done, figures.outcomes) == (6, "2 accepted, 1 unknown, 3 skipped")


def test_the_time_left_is_told_by_the_rate_of_the_last_seconds() -> None:
    """Not by that of the whole run, in which the relay may have stood still."""
    figures = SendingFigures({State.PENDING: 1000}, 0.0)
    figures.pace(600.0)
    figures.add(State.ACCEPTED, 100)

    assert figures.pace(605.0) == "20/s, 45 s left"


def test_a_run_in_which_nothing_moves_promises_no_end() -> None:
    figures = SendingFigures({State.PENDING: 1000}, 0.0)
    figures.add(State.ACCEPTED, 100)
    figures.pace(5.0)

    assert figures.pace(15.0) == "0/s"


def test_a_slow_rate_has_a_decimal() -> None:
    figures = SendingFigures({State.PENDING: 7}, 0.0)
    figures.add(State.ACCEPTED, 6)

    assert figures.pace(4.0) == "1.5/s, 1 s left"


def test_a_run_that_is_over_says_how_long_it_took() -> None:
    figures = SendingFigures({State.PENDING: 7}, 10.0)

    figures.end(310.0)

    assert figures.pace(900.0) == "in 5 min"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (99, "99 s"), (100, "2 min"), (7100, "118 min"), (7500, "2 h 5 min")],
)
def test_a_length_of_time_is_as_exact_as_it_is_read_aloud(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@given(st.lists(st.tuples(st.floats(0.1, 30.0), st.integers(0, 5000)), min_size=1, max_size=40))
def test_a_rate_lies_between_the_slowest_and_the_fastest_step(
    steps: list[tuple[float, int]],
) -> None:
    rate = Rate(0.0)
    now, number = 0.0, 0
    speeds = []

    for seconds, more in steps:
        now, number = now + seconds, number + more
        speeds.append(more / seconds)
        given_rate = rate.at(now, number)

    assert min(speeds) * 0.999 <= given_rate <= max(speeds) * 1.001
