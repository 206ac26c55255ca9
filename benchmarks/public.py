"""What the public pages stand: people who leave while an edition is sent, and pages that are read.

Run from the repository's root as `python -m benchmarks.public [--people N] [--quick]`. It prints a
table and writes the same figures to benchmarks/results/public.json. `newsletter serve` has one
processor for itself; the dispatch, the receiver and whoever asks have the others. What is asked,
and how to read it: docs/developer/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure
from benchmarks.mailing_workspace import approve_edition, make_workspace
from benchmarks.public_figures import of_floor, of_leaving, of_reading
from benchmarks.public_runs import run_public
from benchmarks.receiving import receiver, receiver_is_there

RESULTS = Path(__file__).parent / "results" / "public.json"


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: the people on the list, and how many of them leave while an edition
    is sent, as many as leave afterwards."""

    people: int
    many: int


USUAL = Scale(people=1_000_000, many=5_000)
QUICK = Scale(people=100_000, many=1_000)


def main() -> None:
    """Measures, prints and writes the figures."""
    scale = _scale()
    if not receiver_is_there():
        raise SystemExit("smtp-sink is missing. On Debian and Ubuntu: apt-get install postfix")
    with tempfile.TemporaryDirectory(prefix="newsletter-public-") as folder:
        figures = measure(Path(folder), scale)
    print_table(figures)
    RESULTS.parent.mkdir(exist_ok=True)
    text = json.dumps(report(figures, scale), indent=2, ensure_ascii=False)
    RESULTS.write_text(f"{text}\n", encoding="utf-8")


def _scale() -> Scale:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.public")
    parser.add_argument("--quick", action="store_true", help="few of everything, to try it out")
    parser.add_argument("--people", type=int, help=f"people on the list ({USUAL.people:,})")
    given = parser.parse_args()
    usual = QUICK if given.quick else USUAL
    return Scale(given.people or usual.people, usual.many)


def measure(folder: Path, scale: Scale) -> list[Figure]:
    """All figures, in some minutes."""
    with receiver() as sink:
        settings = make_workspace(folder / "many", people=scale.people, port=sink.port)
        slug = approve_edition(settings, "many")
        run = run_public(settings, slug, sink, many=scale.many)
    return [*of_leaving(run, scale.many), *of_floor(run), *of_reading(run)]


def print_table(figures: Sequence[Figure]) -> None:
    """The figures for a person."""
    table = Table("what", "value", "asked", "")
    for one in figures:
        table.add_row(one.what, one.shown, str(one.target or ""), one.verdict)
    Console().print(table)


def report(figures: Sequence[Figure], scale: Scale) -> dict[str, object]:
    """The figures for a program."""
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "machine": platform.machine(),
        "processors": len(os.sched_getaffinity(0)),
        "scale": asdict(scale),
        "figures": [one.as_json() for one in figures],
    }


if __name__ == "__main__":
    main()
