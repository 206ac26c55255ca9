"""What rates come to."""

from __future__ import annotations

import pytest

from newsletter.reporting.thresholds import THRESHOLDS, Level, Measure, Rate

COMPLAINTS, HARD = Measure.COMPLAINTS, Measure.HARD_BOUNCES


@pytest.mark.parametrize(
    ("measure", "number", "of", "level"),
    [
        (COMPLAINTS, 9, 10_000, Level.FINE),
        (COMPLAINTS, 10, 10_000, Level.WARN),
        (COMPLAINTS, 29, 10_000, Level.WARN),
        (COMPLAINTS, 30, 10_000, Level.OVER),
        (COMPLAINTS, 3, 1_000, Level.OVER),
        (COMPLAINTS, 3, 1_001, Level.WARN),
        (HARD, 19, 1_000, Level.FINE),
        (HARD, 20, 1_000, Level.WARN),
        (HARD, 49, 1_000, Level.WARN),
        (HARD, 50, 1_000, Level.OVER),
    ],
)
def test_a_rate_at_a_threshold_has_reached_it(
    measure: Measure, number: int, of: int, level: Level
) -> None:
    assert Rate(measure, number, of).level(is_total=False) is level


@pytest.mark.parametrize("measure", list(Measure))
def test_a_receiver_of_few_mails_is_not_judged(measure: Measure) -> None:
    fewest = THRESHOLDS[measure].fewest

    assert Rate(measure, 50, fewest - 1).level(is_total=False) is Level.FEW
    assert Rate(measure, 50, fewest).level(is_total=False) is not Level.FEW


def test_all_receivers_together_are_judged_however_few_the_mails() -> None:
    assert Rate(COMPLAINTS, 3, 200).level(is_total=True) is Level.OVER
    assert Rate(COMPLAINTS, 0, 200).level(is_total=True) is Level.FINE


def test_one_angry_reader_of_a_small_list_is_a_warning_and_no_more() -> None:
    assert Rate(COMPLAINTS, 1, 50).level(is_total=True) is Level.WARN
    assert Rate(COMPLAINTS, 2, 50).level(is_total=True) is Level.WARN


def test_of_no_mail_there_is_no_rate() -> None:
    rate = Rate(COMPLAINTS, 0, 0)

    assert rate.percent is None
    assert rate.level(is_total=True) is Level.FEW


def test_a_threshold_is_told_in_percent() -> None:
    threshold = THRESHOLDS[COMPLAINTS]

    assert (threshold.warn_percent, threshold.over_percent) == (0.1, 0.3)
