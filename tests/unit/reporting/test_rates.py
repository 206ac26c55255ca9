"""What there is to say about rates that are too high."""

from __future__ import annotations

from collections import defaultdict

from newsletter.domain.deliveries import DeliveryState as State
from newsletter.reporting.figures import Figures, Standing, total
from newsletter.reporting.rates import Period, concerns
from newsletter.reporting.thresholds import Level, Measure

NOTHING = Standing({}, Figures())


def some_mail(accepted: int, *, hard: int = 0, complaints: int = 0) -> Figures:
    counts = defaultdict(int, {State.ACCEPTED: accepted, State.FAILED: hard})
    return Figures(counts, hard=hard, complaints=complaints)


def standing(**receivers: Figures) -> Standing:
    return Standing(receivers, total(receivers.values()))


def test_rates_that_are_low_are_no_concern() -> None:
    found = concerns(standing(a=some_mail(10_000, hard=10, complaints=2)), NOTHING)

    assert found == []


def test_a_concern_says_what_is_too_high_where_and_what_to_do() -> None:
    mail = standing(a=some_mail(100_000), b=some_mail(2_000, complaints=4))

    (found,) = concerns(mail, NOTHING)

    assert found.sentence == (
        "b: 4 complaints of 2000 mails accepted in this edition (0.20 %). From 0.10 % on, receivers"
        " begin to put a sender's mail away as spam."
    )
    assert "Mail only those who asked for it" in found.cure


def test_the_worst_comes_first_and_all_receivers_before_one() -> None:
    mail = standing(a=some_mail(1_000, complaints=9), b=some_mail(1_000, hard=40))

    found = [(one.receiver, one.rate.measure, one.level) for one in concerns(mail, NOTHING)]

    assert found == [
        (None, Measure.COMPLAINTS, Level.OVER),
        ("a", Measure.COMPLAINTS, Level.OVER),
        ("b", Measure.HARD_BOUNCES, Level.WARN),
    ]


def test_a_rate_is_told_once_of_the_period_in_which_it_is_worse() -> None:
    edition = standing(a=some_mail(2_000, complaints=3))
    recent = standing(a=some_mail(4_000, complaints=12))

    periods = {one.receiver: one.period for one in concerns(edition, recent)}

    assert periods == {None: Period.RECENT, "a": Period.RECENT}
    assert {one.period for one in concerns(recent, edition)} == {Period.EDITION}


def test_every_concern_has_its_own_words() -> None:
    mail = standing(
        a=some_mail(1_000, hard=30),
        b=some_mail(1_000, hard=90),
        c=some_mail(1_000, complaints=1),
        d=some_mail(1_000, complaints=9),
    )

    found = [one for one in concerns(mail, NOTHING) if one.receiver]

    assert len({one.cure for one in found}) == 4
    assert len({one.sentence.partition("on, ")[2] for one in found}) == 4
