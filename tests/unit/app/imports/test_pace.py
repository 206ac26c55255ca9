"""How large a slice is, and how long others get between two of them."""

from __future__ import annotations

import pytest

from newsletter.app.imports import pace as module
from newsletter.app.imports.pace import Pace


class Watch:
    """A watch that moves on only when somebody says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(module, "perf_counter", watch)
    return watch


def sizes(pace: Pace, watch: Watch, seconds_each: float, slices: int) -> list[int]:
    found = []
    people = iter(range(100_000))
    for one in pace.slices(people):
        found.append(len(one))
        with pace.holding(len(one)):
            watch.now += len(one) * seconds_each
        if len(found) == slices:
            break
    return found


def test_everybody_is_in_exactly_one_slice() -> None:
    assert [one for part in Pace().slices(range(777)) for one in part] == list(range(777))


def test_slices_grow_on_a_fast_machine_and_shrink_on_a_slow_one(watch: Watch) -> None:
    fast = sizes(Pace(), watch, seconds_each=1e-6, slices=8)
    slow = sizes(Pace(), watch, seconds_each=1e-2, slices=12)

    assert fast == sorted(fast)
    assert slow == sorted(slow, reverse=True)
    assert (fast[-1], slow[-1]) == (500, 20)


def test_one_slow_commit_makes_the_next_slice_half_as_large_at_the_least(watch: Watch) -> None:
    pace = Pace()
    before = sizes(pace, watch, seconds_each=1e-6, slices=8)[-1]

    with pace.holding(before):
        watch.now += 10

    assert sizes(pace, watch, seconds_each=1e-6, slices=1)[0] >= before // 2


def test_others_get_a_rest_as_long_as_the_lock_was_held_for(watch: Watch) -> None:
    rests: list[float] = []
    pace = Pace(rest=rests.append)

    for held in (1.0, 0.0):
        with pace.holding(100):
            watch.now += held
        pace.rest()

    assert rests == [pytest.approx(0.3), 0.001]
