"""One timer for all the waits of a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from newsletter.dispatch.smtp_deadline import Deadline


class Clock(asyncio.SelectorEventLoop):
    """A loop whose time stands still until a test moves it; `timers` were made so far."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.timers = 0

    def time(self) -> float:
        return self.now

    def call_at(self, *args: object, **more: object) -> asyncio.TimerHandle:
        self.timers += 1
        return super().call_at(*args, **more)  # type: ignore[arg-type]


def story(steps: Callable[[Clock, Deadline], list[float]]) -> tuple[list[float], int]:
    """When the deadline was missed, in seconds from the start, and how many timers that took."""
    missed: list[float] = []

    async def run() -> int:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Clock)
        deadline = Deadline(lambda: missed.append(loop.now - 1000))
        for moment in steps(loop, deadline):
            loop.now = 1000 + moment
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        timers = loop.timers
        deadline.stop()
        return timers

    with asyncio.Runner(loop_factory=Clock) as runner:
        timers = runner.run(run())
    return missed, timers


def test_a_deadline_that_passes_is_told_once() -> None:
    def steps(_: Clock, deadline: Deadline) -> list[float]:
        deadline.set(60)
        return [59, 61, 200]

    assert story(steps)[0] == [61]


@pytest.mark.parametrize(("seconds", "missed"), [(600, [601]), (5, [60])])
def test_the_last_word_counts_later_or_sooner(seconds: float, missed: list[float]) -> None:
    def steps(_: Clock, deadline: Deadline) -> list[float]:
        deadline.set(300)
        deadline.set(seconds)
        return [4, 60, 301, 601, 900]

    assert story(steps)[0] == missed


def test_a_deadline_that_is_met_is_not_told() -> None:
    def steps(_: Clock, deadline: Deadline) -> list[float]:
        deadline.set(60)
        deadline.clear()
        return [61, 200]

    assert story(steps)[0] == []


def test_many_deadlines_take_one_timer() -> None:
    """A timer for each step of each message would cost more than the message."""

    def steps(_: Clock, deadline: Deadline) -> list[float]:
        for _step in range(1000):
            deadline.set(300)
            deadline.clear()
        return [1]

    assert story(steps) == ([], 1)
