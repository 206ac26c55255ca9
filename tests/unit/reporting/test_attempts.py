"""How long it took until mail was accepted."""

from __future__ import annotations

from collections import Counter
from statistics import median_low

from hypothesis import given
from hypothesis import strategies as st

from newsletter.reporting.attempts import percentiles


@given(st.lists(st.integers(0, 50), min_size=1))
def test_a_percentile_of_counted_values_is_that_of_the_values(values: list[int]) -> None:
    half, all_of_them = percentiles(Counter(values), (50, 100))

    assert half == median_low(values)
    assert all_of_them == max(values)


def test_ninety_five_in_a_hundred_leave_out_the_slowest_five() -> None:
    assert percentiles({0: 95, 1800: 5}, (95, 96)) == [0, 1800]
