"""What the runs of the benchmark of the public pages come to, and what is asked of it."""

from __future__ import annotations

from benchmarks.figures import Figure, Sense, Target
from benchmarks.public_runs import Asked, PublicRun

_LARGEST_PAGE = Target(Sense.AT_MOST, 15 * 1024)
_LARGEST_STYLESHEET = Target(Sense.AT_MOST, 10 * 1024)
_OF_A_MAIL = "archive page"
"""Holds a mail's own HTML, whose size other figures are about."""


def of_leaving(run: PublicRun, many: int) -> list[Figure]:
    """How many leave in a second by one click while a dispatch runs, how long each waits, and
    whether all of them have left."""
    busy, alone = run.leaving, run.leaving_alone
    return [
        Figure(
            "one-click, dispatch running",
            "",
            busy.answers.per_second,
            "/s",
            Target(Sense.AT_LEAST, 300),
        ),
        _wait("  p99", busy, Target(Sense.AT_MOST, 50)),
        _cpu("  CPU of the server", busy),
        Figure("  messages accepted meanwhile", "", run.messages / busy.answers.seconds, "/s"),
        Figure("  written down first (spooled)", "", busy.answers.signs),
        Figure("one-click, nothing else running", "", alone.answers.per_second, "/s"),
        _wait("  p99", alone),
        _cpu("  CPU of the server", alone),
        Figure(
            "have left, of those who were answered 200",
            "",
            run.lines / (_taken(busy) + _taken(alone)),
            "",
            Target(Sense.AT_LEAST, 1),
        ),
        Figure("answered 200, of all", "", (_taken(busy) + _taken(alone)) / (2 * many)),
    ]


def of_floor(run: PublicRun) -> list[Figure]:
    """What any answer costs, a bare commit, and how leaving stands to them."""
    return [
        Figure("/healthz", "", run.healthz.answers.per_second, "/s"),
        _cpu("  CPU of the server", run.healthz),
        Figure(
            "one-click / healthz, by CPU", "", run.leaving_alone.cpu_each / run.healthz.cpu_each
        ),
        Figure("a bare SQLite commit", "", run.commit * 1e3, "ms"),
        Figure(
            "one-click / a bare commit, by rate",
            "",
            run.leaving_alone.answers.per_second * run.commit,
        ),
    ]


def of_reading(run: PublicRun) -> list[Figure]:
    """Pages that are read, one after the other, and how large all of them are."""
    figures = [
        _wait("archive page, p99", run.archive, Target(Sense.AT_MOST, 5)),
        _cpu("  CPU of the server", run.archive),
        Figure("  found, of all", "", _taken(run.archive) / len(run.archive.answers.waits)),
    ]
    for name, octets in sorted(run.octets.items()):
        target = _LARGEST_STYLESHEET if name == "stylesheet" else _LARGEST_PAGE
        asked = None if name == _OF_A_MAIL else target
        figures.append(Figure(f"octets, {name}", "", octets, "", asked))
    return figures


def _taken(asked: Asked) -> int:
    return asked.answers.statuses.get("200", 0)


def _wait(what: str, asked: Asked, target: Target | None = None) -> Figure:
    return Figure(what, "", asked.answers.p99, "ms", target)


def _cpu(what: str, asked: Asked) -> Figure:
    return Figure(what, "", asked.cpu_each * 1e3, "ms")
