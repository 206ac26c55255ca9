"""A postmaster's report as tables and sentences for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

import click

from newsletter.app.postmaster_report import PostmasterReport
from newsletter.cli.local_time import local_time
from newsletter.cli.sending_figures import duration
from newsletter.cli.table import print_table
from newsletter.domain.deliveries import DeliveryState as State
from newsletter.reporting.figures import Figures
from newsletter.reporting.rates import rate
from newsletter.reporting.thresholds import Level, Measure, Rate

_COLUMNS: Mapping[str, tuple[State, ...]] = MappingProxyType(
    {
        "DEFERRED": (State.DEFERRED,),
        "FAILED": (State.FAILED,),
        "UNKNOWN": (State.UNKNOWN,),
        "SKIPPED": (State.SKIPPED,),
        "WAITING": (State.PENDING, State.SENDING),
    }
)
_NOTHING = "-"


def print_report(report: PostmasterReport, zone: str) -> None:
    """Prints all of it, with instants in the zone of that name."""
    _print_standing(report, zone)
    _print_receivers(report, zone)
    _print_codes(report)
    _print_attempts(report)
    _print_lanes(report, zone)
    _print_rates(report)
    _print_concerns(report)


def _print_standing(report: PostmasterReport, zone: str) -> None:
    edition = report.edition
    reason = f" ({edition.held_reason})" if edition.held_reason else ""
    number = report.split.standing.total.number
    click.echo(f"{edition.slug}: {edition.state}{reason} at {local_time(report.at, zone)}")
    if not number:
        click.echo("Nobody has been written to yet.")
    elif any(relay.transport == "maildir" for relay in report.relays):
        click.echo("It went to the outbox: nobody has got it.")
    if report.split.retired.number:
        click.echo(
            f"{report.split.retired.number} of {number} deliveries are past their time: their"
            " totals are kept, and no longer by which receiver, code or relay."
        )


def _print_receivers(report: PostmasterReport, zone: str) -> None:
    everything = report.split.standing.total
    if not everything.number:
        return
    columns = [
        name for name, states in _COLUMNS.items() if any(everything.counts[one] for one in states)
    ]
    click.echo()
    print_table(
        ("RECEIVER", "READERS", "ACCEPTED", "%", *columns, "LAST ACCEPTED"),
        [(name, *_receiver(figures, columns, zone)) for name, figures in _lines(report)],
    )


def _lines(report: PostmasterReport) -> Iterator[tuple[str, Figures]]:
    for line in report.receivers:
        yield line.receiver or "", line.edition
    if report.others is not None:
        number = report.others.receivers
        yield f"({number} other{'' if number == 1 else 's'})", report.others.edition
    rest = {
        "(not tried yet)": report.split.unplaced,
        "(erased people)": report.split.erased,
        "(past their time)": report.split.retired,
    }
    yield from ((name, figures) for name, figures in rest.items() if figures.number)
    yield "all", report.split.standing.total


def _receiver(figures: Figures, columns: Sequence[str], zone: str) -> tuple[object, ...]:
    percent = figures.accepted_percent
    last = figures.last_accepted_at
    return (
        figures.number,
        figures.accepted,
        _NOTHING if percent is None else f"{percent:.1f}",
        *(sum(figures.counts[state] for state in _COLUMNS[name]) for name in columns),
        local_time(last, zone) if last else _NOTHING,
    )


def _print_codes(report: PostmasterReport) -> None:
    if not report.codes:
        return
    click.echo()
    words = ("WORDS",) if report.words else ()
    print_table(
        ("LAST ANSWER", "STATE", "FAULT", "READERS", "RECEIVERS", *words),
        [
            (
                " ".join(str(part) for part in (one.code, one.enhanced) if part) or _NOTHING,
                one.state,
                one.verdict or _NOTHING,
                one.number,
                len(one.receivers),
                *(report.words.get(one.example, _NOTHING) for _ in words),
            )
            for one in report.codes
        ],
    )


def _print_attempts(report: PostmasterReport) -> None:
    if not report.relays:
        return
    click.echo()
    print_table(
        ("RELAY", "ATTEMPTS", "FIRST", "AGAIN", "ACCEPTED"),
        [
            (
                one.relay or f"({one.transport})",
                one.number,
                one.first,
                one.number - one.first,
                one.accepted,
            )
            for one in report.relays
        ],
    )
    if report.waits is not None:
        half, most = map(_after, (report.waits.median, report.waits.p95))
        click.echo(f"Accepted: half of them {half}, 95 in 100 {most}.")


def _after(seconds: int) -> str:
    return f"within {duration(seconds)} of it" if seconds else "at the first attempt"


def _print_lanes(report: PostmasterReport, zone: str) -> None:
    if not report.lanes:
        return
    click.echo()
    print_table(
        ("WAY", "TO", "TAKES", "CLOSED UNTIL", "AFTER"),
        [
            (
                one.kind,
                one.name or _NOTHING,
                _NOTHING if one.rate is None else f"{one.rate * 60:.3g} a minute",
                _closed_until(one.closed_until, report.at, zone),
                one.code or _NOTHING,
            )
            for one in report.lanes
        ],
    )


def _closed_until(until: datetime | None, now: datetime, zone: str) -> str:
    if until is None:
        return _NOTHING
    return local_time(until, zone) if until > now else "on trial"


def _print_rates(report: PostmasterReport) -> None:
    lines = [
        (line.receiver, line.edition, line.recent)
        for line in report.receivers
        if _has_cases(line.edition) or _has_cases(line.recent)
    ]
    everything = report.split.standing.total
    click.echo()
    print_table(
        ("RECEIVER", "HARD BOUNCES", "IN 30 DAYS", "COMPLAINTS", "IN 30 DAYS"),
        [
            (name or "all", *_rates(edition, recent, is_total=name is None))
            for name, edition, recent in (*lines, (None, everything, report.recent))
        ],
    )


def _has_cases(figures: Figures) -> bool:
    return bool(figures.hard or figures.complaints)


def _rates(edition: Figures, recent: Figures, *, is_total: bool) -> Iterator[str]:
    for measure in Measure:
        for figures in (edition, recent):
            yield _rate(rate(figures, measure), is_total=is_total)


def _rate(found: Rate, *, is_total: bool) -> str:
    level = found.level(is_total=is_total)
    if level is Level.FEW:
        return f"{found.number} of {found.of}"
    mark = "" if level is Level.FINE else f" {level}"
    return f"{found.number} ({found.percent:.2f} %{mark})"


def _print_concerns(report: PostmasterReport) -> None:
    alike: dict[str, list[str]] = {}
    for concern in report.concerns:
        alike.setdefault(concern.cure, []).append(concern.sentence)
    for cure, sentences in alike.items():
        click.echo("\n" + "\n".join((*sentences, cure)))
