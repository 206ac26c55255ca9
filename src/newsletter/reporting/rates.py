"""Rates of hard bounces and complaints, and what there is to say about those that are too high
(A6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from newsletter.reporting.figures import Figures, Standing
from newsletter.reporting.thresholds import THRESHOLDS, Level, Measure, Rate


class Period(StrEnum):
    """Which mail a rate is of: the edition's, or that of all recent editions."""

    EDITION = "edition"
    RECENT = "recent"


def rate(figures: Figures, measure: Measure) -> Rate:
    """The rate of hard bounces among all mail that has an answer for good, or of complaints among
    all that was accepted."""
    if measure is Measure.HARD_BOUNCES:
        return Rate(measure, figures.hard, figures.answered)
    return Rate(measure, figures.complaints, figures.accepted)


@dataclass(frozen=True, slots=True)
class Concern:
    """A rate that is too high: at one receiver, or at all together when `receiver` is None."""

    receiver: str | None
    period: Period
    rate: Rate
    level: Level

    @property
    def sentence(self) -> str:
        """What is wrong, in plain words."""
        threshold = THRESHOLDS[self.rate.measure]
        is_over = self.level is Level.OVER
        limit = threshold.over_percent if is_over else threshold.warn_percent
        cases = _CASES[self.rate.measure] + ("" if self.rate.number == 1 else "s")
        return (
            f"{self.receiver or 'All receivers'}: {self.rate.number} {cases}"
            f" of {self.rate.of} mails {_OF[self.rate.measure]} {_IN[self.period]}"
            f" ({self.rate.percent:.2f} %). From {limit:.2f} % on,"
            f" {_MEANS[self.rate.measure, self.level]}."
        )

    @property
    def cure(self) -> str:
        """What to do about it."""
        return _CURES[self.rate.measure, self.level]


_CASES = MappingProxyType({Measure.HARD_BOUNCES: "hard bounce", Measure.COMPLAINTS: "complaint"})
_OF = MappingProxyType({Measure.HARD_BOUNCES: "answered", Measure.COMPLAINTS: "accepted"})
_IN = MappingProxyType(
    {Period.EDITION: "in this edition", Period.RECENT: "in the editions of the last 30 days"}
)
_MEANS = MappingProxyType(
    {
        (Measure.HARD_BOUNCES, Level.WARN): "receivers take a list for a neglected one",
        (Measure.HARD_BOUNCES, Level.OVER): "they take it for a bought one",
        (Measure.COMPLAINTS, Level.WARN): "receivers begin to put a sender's mail away as spam",
        (Measure.COMPLAINTS, Level.OVER): "they refuse it, and new editions are held",
    }
)
_CURES = MappingProxyType(
    {
        (Measure.HARD_BOUNCES, Level.WARN): "See which addresses with `newsletter send failures`,"
        " and where they came from with `newsletter subscribers show`.",
        (Measure.HARD_BOUNCES, Level.OVER): "Send nothing more before you know which import"
        " brought these addresses: `newsletter send failures`, `newsletter subscribers imports`.",
        (Measure.COMPLAINTS, Level.WARN): "Mail only those who asked for it, say why they get it,"
        " and make leaving easy to find.",
        (Measure.COMPLAINTS, Level.OVER): "See who complained with `newsletter suppressions list`,"
        " and what they have in common. `newsletter send resume` lets a held edition go out all"
        " the same, on the record.",
    }
)


def is_over(mail: Standing, measure: Measure) -> bool:
    """Whether a rate of this mail is over, at all receivers together or at one of them."""
    at_one = (rate(each, measure).level(is_total=False) for each in mail.receivers.values())
    return Level.OVER in (rate(mail.total, measure).level(is_total=True), *at_one)


def concerns(edition: Standing, recent: Standing) -> list[Concern]:
    """What is too high, of the edition's mail and of that of all recent ones; each rate once, the
    worst first."""
    receivers = {
        name
        for standing in (edition, recent)
        for name, figures in standing.receivers.items()
        if figures.hard or figures.complaints
    }
    found = [
        concern
        for name in (None, *receivers)
        for measure in Measure
        if (concern := _worse(name, measure, edition, recent)) is not None
    ]
    return sorted(
        found,
        key=lambda one: (one.level is not Level.OVER, one.receiver or "", one.rate.measure),
    )


def _worse(
    receiver: str | None, measure: Measure, edition: Standing, recent: Standing
) -> Concern | None:
    found = (
        _concern(receiver, measure, period, standing)
        for period, standing in ((Period.RECENT, recent), (Period.EDITION, edition))
    )
    return max(filter(None, found), key=lambda one: one.level is Level.OVER, default=None)


def _concern(
    receiver: str | None, measure: Measure, period: Period, standing: Standing
) -> Concern | None:
    figures = standing.total if receiver is None else standing.receivers.get(receiver)
    if figures is None:
        return None
    found = rate(figures, measure)
    level = found.level(is_total=receiver is None)
    too_high = level in (Level.WARN, Level.OVER)
    return Concern(receiver, period, found, level) if too_high else None
