"""What is under way by a lane, and how much went there in the last minute."""

from __future__ import annotations

from collections.abc import Iterable

from newsletter.dispatch.lanes.load import Load


def _begun(seconds: Iterable[int]) -> Load:
    load = Load()
    for second in seconds:
        load.begins(second)
    return load


def test_what_began_in_the_last_minute_counts() -> None:
    load = _begun([0, 0, 40, 59, 60])

    assert load.lately(59) == 5 / 60
    assert load.lately(60) == 3 / 60
    assert load.lately(119) == 1 / 60
    assert load.lately(120) == 0


def test_a_long_time_is_counted_as_well_as_a_short_one() -> None:
    assert _begun(range(1000)).lately(999) == 1.0


def test_what_was_not_tried_never_began() -> None:
    load = _begun([0, 7, 7])

    load.abandons()
    load.abandons()

    assert load.under_way == 1
    assert load.lately(7) == 1 / 60


def test_what_has_ended_began_all_the_same() -> None:
    load = _begun([7])

    load.ends()

    assert load.under_way == 0
    assert load.lately(7) == 1 / 60
    assert not load.is_idle(66)
    assert load.is_idle(67)


def test_what_is_under_way_is_not_forgotten() -> None:
    assert not _begun([0]).is_idle(1000)
