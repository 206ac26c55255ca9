"""What the public pages stand: people who leave while an edition is sent, and pages that are read.

Run from the repository's root as `python -m benchmarks.public [--people N] [--quick]`. It prints a
table and writes the same figures to benchmarks/results/public.json. `newsletter serve` has one
processor for itself; the dispatch, the receiver and whoever asks have the others. What is asked,
and how to read it: docs/developer/benchmarks.md.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.mailing_workspace import approve_edition, make_workspace
from benchmarks.public_figures import of_floor, of_leaving, of_reading
from benchmarks.public_runs import run_public
from benchmarks.receiving import receiver, receiver_is_there
from benchmarks.telling import tell

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
    tell(figures, asdict(scale), RESULTS)


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


if __name__ == "__main__":
    main()
