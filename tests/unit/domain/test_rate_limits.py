"""How often something may be done, and how long to wait for the next time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.rate_limits import RateLimit

NOW = 1_800_000_000.0
RATES = st.integers(1, 5000).map(lambda in_an_hour: in_an_hour / 3600)
PAUSES = st.lists(st.floats(0, 600), max_size=60)


def _admitted(limit: RateLimit, times: list[float]) -> list[float]:
    full_at, admitted = 0.0, []
    for now in times:
        if not limit.wait(full_at, now):
            full_at = limit.taken(full_at, now)
            admitted.append(now)
    return admitted


def _one_after_another(pauses: list[float]) -> list[float]:
    times = [NOW]
    for pause in pauses:
        times.append(times[-1] + pause)
    return times


def test_an_hours_worth_is_let_in_at_once_and_then_one_at_a_time() -> None:
    limit = RateLimit(20 / 3600)

    at_once = _admitted(limit, [NOW] * 30)
    later = _admitted(limit, [NOW] * 30 + [NOW + 179, NOW + 180, NOW + 181, NOW + 361])

    assert len(at_once) == 20
    assert later[20:] == [NOW + 180, NOW + 361]


def test_a_rate_of_less_than_one_an_hour_still_lets_one_in() -> None:
    assert _admitted(RateLimit(1 / 86_400), [NOW, NOW + 3600, NOW + 86_401]) == [NOW, NOW + 86_401]


@given(RATES, PAUSES)
def test_no_more_is_let_in_than_an_hours_worth_and_what_has_come_since(
    rate: float, pauses: list[float]
) -> None:
    times = _one_after_another([*pauses, *[0.0] * 30])

    admitted = _admitted(RateLimit(rate), times)

    assert admitted[0] == NOW
    most = max(1.0, rate * 3600) + rate * (times[-1] - NOW)
    assert len(admitted) <= most + 0.01


@given(RATES, st.floats(NOW - 3600, NOW + 3600))
def test_who_waits_as_long_as_is_said_is_let_in_and_not_sooner(rate: float, full_at: float) -> None:
    limit = RateLimit(rate)

    wait = limit.wait(full_at, NOW)

    assert limit.wait(full_at, NOW + wait) == 0
    assert not wait or limit.wait(full_at, NOW + wait - 0.01)
    assert wait <= 1 / rate + 0.01


@pytest.mark.parametrize("years", [1, 50])
def test_a_clock_that_was_put_back_shuts_nobody_out_for_long(years: int) -> None:
    limit = RateLimit(20 / 3600)

    wait = limit.wait(NOW + years * 31_536_000, NOW)

    assert 0 < wait <= 180 + 0.01
