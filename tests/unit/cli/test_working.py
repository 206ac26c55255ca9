"""The worker's loop: turns and waits, longer ones while something is wrong."""

from __future__ import annotations

from newsletter.cli.working import EVERY, LONGEST, Alarm, keep_working
from newsletter.dispatch.stopping import Stopping


def waits_after(*outcomes: bool) -> list[float]:
    """How long it waits after turns that came to these; it is stopped in the last one."""
    stopping, waits, left = Stopping(), [], list(outcomes)

    def turn() -> bool:
        if len(left) == 1:
            stopping.ask()
        return left.pop(0)

    keep_working(turn, stopping, waits.append)
    return waits


def test_it_waits_as_long_between_all_turns_and_not_after_the_last() -> None:
    assert waits_after(True, True, True) == [EVERY, EVERY]


def test_while_something_is_wrong_it_waits_ever_longer_up_to_a_minute() -> None:
    assert waits_after(*[False] * 6, True, True) == [10, 20, 40, LONGEST, LONGEST, LONGEST, EVERY]


def test_who_is_asked_before_the_first_turn_takes_none() -> None:
    stopping = Stopping()
    stopping.ask()

    keep_working(lambda: 1 / 0 > 0, stopping, lambda seconds: None)


def test_an_alarm_ends_a_wait_at_once() -> None:
    with Alarm() as alarm:
        alarm.ring()
        alarm.wait(3600)


def test_an_alarm_that_does_not_ring_lets_one_wait() -> None:
    with Alarm() as alarm:
        alarm.wait(0.001)
