"""The report for a postmaster as JSON: the shape that docs/operator/reports.md promises."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from newsletter.app.postmaster_report import PostmasterReport
from newsletter.dispatch.lanes.store import LaneNow
from newsletter.domain.deliveries import DeliveryState
from newsletter.reporting.answers import CodeFigures
from newsletter.reporting.figures import Figures
from newsletter.reporting.rates import Concern, Period, rate
from newsletter.reporting.receiver_lines import ReceiverLine
from newsletter.reporting.thresholds import THRESHOLDS, Measure


def report_json(report: PostmasterReport) -> dict[str, Any]:
    """The report for scripts; instants are ISO 8601, in UTC."""
    everything = report.split.standing.total
    return {
        "edition": report.edition.slug,
        "state": report.edition.state,
        "reason": report.edition.held_reason,
        "at": report.at.isoformat(),
        "audience": everything.number,
        "counts": _counts(everything),
        "receivers": [{"receiver": line.receiver, **_line(line)} for line in report.receivers],
        "others": report.others and {"receivers": report.others.receivers, **_line(report.others)},
        "unplaced": _counts(report.split.unplaced),
        "erased": _counts(report.split.erased),
        "retired": _counts(report.split.retired),
        "codes": [_code(one, report.words.get(one.example)) for one in report.codes],
        "attempts": _attempts(report),
        "lanes": [_lane(one) for one in report.lanes],
        "rates": _rates(everything, report.recent, is_total=True),
        "thresholds": {measure: _threshold(measure) for measure in Measure},
        "concerns": [_concern(one) for one in report.concerns],
    }


def _line(line: ReceiverLine) -> dict[str, Any]:
    figures = line.edition
    last = figures.last_accepted_at
    return {
        "audience": figures.number,
        "counts": _counts(figures),
        "accepted_percent": _rounded(figures.accepted_percent),
        "last_accepted_at": last and last.isoformat(),
        # Several receivers together are no receiver that judges anybody.
        "rates": _rates(figures, line.recent, is_total=False) if line.receiver else None,
    }


def _counts(figures: Figures) -> dict[str, int]:
    return {state: figures.counts.get(state, 0) for state in DeliveryState}


def _rates(edition: Figures, recent: Figures, *, is_total: bool) -> dict[str, Any]:
    return {
        period: {measure: _rate(figures, measure, is_total=is_total) for measure in Measure}
        for period, figures in ((Period.EDITION, edition), (Period.RECENT, recent))
    }


def _rate(figures: Figures, measure: Measure, *, is_total: bool) -> dict[str, Any]:
    found = rate(figures, measure)
    return {
        "number": found.number,
        "of": found.of,
        "percent": _rounded(found.percent),
        "level": found.level(is_total=is_total),
    }


def _rounded(percent: float | None) -> float | None:
    return None if percent is None else round(percent, 3)


def _code(one: CodeFigures, words: str | None) -> dict[str, Any]:
    return {
        "state": one.state,
        "code": one.code,
        "enhanced": one.enhanced,
        "verdict": one.verdict,
        "deliveries": one.number,
        "receivers": len(one.receivers),
        "words": words,
    }


def _attempts(report: PostmasterReport) -> dict[str, Any]:
    number = sum(relay.number for relay in report.relays)
    first = sum(relay.first for relay in report.relays)
    return {
        "number": number,
        "first": first,
        "again": number - first,
        "relays": [asdict(relay) for relay in report.relays],
        "seconds_to_accept": report.waits and asdict(report.waits),
    }


def _lane(lane: LaneNow) -> dict[str, Any]:
    until = lane.closed_until
    return asdict(lane) | {"closed_until": until and until.isoformat()}


def _threshold(measure: Measure) -> dict[str, Any]:
    threshold = THRESHOLDS[measure]
    return {
        "warn_percent": threshold.warn_percent,
        "over_percent": threshold.over_percent,
        "fewest": threshold.fewest,
    }


def _concern(one: Concern) -> dict[str, Any]:
    return {
        "receiver": one.receiver,
        "period": one.period,
        "measure": one.rate.measure,
        "level": one.level,
        "sentence": one.sentence,
        "cure": one.cure,
    }
