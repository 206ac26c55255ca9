"""The look at the first answers of an edition (B7)."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from newsletter.dispatch.hard_bounces import HardBounceGuard
from newsletter.domain.deliveries import DeliveryState, Outcome

HARD = Outcome(DeliveryState.FAILED, 550, "5.1.1", "No such user")
FULL = Outcome(DeliveryState.FAILED, 552, "5.2.2", "Mailbox full")
TAKEN = Outcome(DeliveryState.ACCEPTED, 250, "2.0.0", "Kept")
LATER = Outcome(DeliveryState.DEFERRED, 450, "4.2.0", "Not now")


def _trips(guard: HardBounceGuard, outcomes: Iterable[Outcome]) -> int | None:
    """After how many of the outcomes it trips; None when it does not."""
    for number, outcome in enumerate(outcomes, start=1):
        guard.told(outcome)
        if guard.is_tripped:
            return number
    return None


def test_it_trips_at_the_eleventh_hard_one_of_the_first_two_hundred() -> None:
    assert _trips(HardBounceGuard(0, 0, 10_000), [HARD] * 200) == 11
    assert _trips(HardBounceGuard(0, 0, 200), [*[TAKEN] * 189, *[HARD] * 11]) == 200


def test_five_in_a_hundred_are_allowed() -> None:
    answers = [*[HARD] * 10, *[TAKEN] * 190, *[HARD] * 100]

    assert _trips(HardBounceGuard(0, 0, 10_000), answers) is None


def test_what_says_nothing_of_the_list_does_not_count() -> None:
    answers = [*[FULL, LATER] * 50, *[HARD] * 10, *[TAKEN] * 140, *[HARD] * 100]

    assert _trips(HardBounceGuard(0, 0, 10_000), answers) is None


@pytest.mark.parametrize(("readers", "hard"), [(60, 4), (100, 6), (20, 4), (180, 10)])
def test_of_a_short_list_it_is_five_in_a_hundred_of_its_readers_and_four_at_least(
    readers: int, hard: int
) -> None:
    answers = [*[TAKEN] * 16, *[HARD] * hard]

    assert _trips(HardBounceGuard(0, 0, readers), answers) == 16 + hard


def test_of_a_short_list_nothing_is_known_before_twenty_answers() -> None:
    assert _trips(HardBounceGuard(0, 0, 40), [HARD] * 40) == 20
    assert _trips(HardBounceGuard(0, 0, 19), [HARD] * 19) is None


def test_it_goes_on_from_what_earlier_runs_were_answered() -> None:
    assert _trips(HardBounceGuard(150, 10, 10_000), [HARD]) == 1
    assert HardBounceGuard(150, 11, 10_000).is_tripped
    assert _trips(HardBounceGuard(200, 10, 10_000), [HARD] * 10) is None
    assert not HardBounceGuard(900, 30, 10_000).is_tripped


def test_once_tripped_it_stays_so() -> None:
    guard = HardBounceGuard(0, 0, 10_000)

    _trips(guard, [HARD] * 11)
    for _ in range(300):
        guard.told(TAKEN)

    assert guard.is_tripped
