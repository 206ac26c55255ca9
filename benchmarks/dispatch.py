"""What sending costs: an edition of 60 KB, against Postfix's smtp-source and nodemailer's pool.

Run from the repository's root as `python -m benchmarks.dispatch [--people N] [--rounds N] [--quick]
[--whole]`. It prints a table and writes the same figures to benchmarks/results/dispatch.json.
Everybody sends to the same smtp-sink, by ten connections of one process, in rounds that take turns.
What is asked, and how to read it: docs/developer/benchmarks.md.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.dispatch_figures import (
    of_costs,
    of_each,
    of_floor,
    of_freezing,
    of_memory,
    of_rates,
    of_this_machine,
    of_unsubscribing,
)
from benchmarks.dispatch_runs import send_in_rounds, send_while_people_leave
from benchmarks.figures import Figure
from benchmarks.freezing import freeze_in_rounds
from benchmarks.mailing_workspace import approve_edition, make_workspace
from benchmarks.receiving import receiver, receiver_is_there
from benchmarks.signing import Signing, check_signed
from benchmarks.signing_floor import openssl_is_there
from benchmarks.telling import tell

RESULTS = Path(__file__).parent / "results" / "dispatch.json"


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: rounds, the readers of each; the readers of a long list, and how many
    of them get it before the run is stopped."""

    rounds: int
    people: int
    many: int
    sent_of_many: int


USUAL = Scale(rounds=5, people=10_000, many=1_000_000, sent_of_many=20_000)
QUICK = Scale(rounds=2, people=2_000, many=50_000, sent_of_many=4_000)


def main() -> None:
    """Measures, prints and writes the figures."""
    scale = _scale()
    if not receiver_is_there():
        raise SystemExit("smtp-sink is missing. On Debian and Ubuntu: apt-get install postfix")
    if not openssl_is_there():
        raise SystemExit("openssl is missing. On Debian and Ubuntu: apt-get install openssl")
    with tempfile.TemporaryDirectory(prefix="newsletter-dispatch-") as folder:
        figures = measure(Path(folder), scale)
    tell(figures, asdict(scale), RESULTS)


def _scale() -> Scale:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dispatch")
    parser.add_argument("--quick", action="store_true", help="few of everything, to try it out")
    parser.add_argument("--rounds", type=int, help=f"how often each sends ({USUAL.rounds})")
    parser.add_argument("--people", type=int, help=f"readers of the long list ({USUAL.many:,})")
    parser.add_argument(
        "--whole",
        action="store_true",
        help=f"send to all of the long list, not to {USUAL.sent_of_many:,} of it",
    )
    given = parser.parse_args()
    usual = QUICK if given.quick else USUAL
    many = given.people or usual.many
    return Scale(
        given.rounds or usual.rounds,
        usual.people,
        many,
        many if given.whole else min(many, usual.sent_of_many),
    )


def measure(folder: Path, scale: Scale) -> list[Figure]:
    """All figures, in some minutes."""
    signing = Signing.make(folder / "key")
    check_signed(folder / "signed", signing)
    with receiver() as sink:
        rounds = send_in_rounds(
            folder / "few", sink, signing, rounds=scale.rounds, people=scale.people
        )
        settings = make_workspace(folder / "many", people=scale.many, port=sink.port)
        slug = approve_edition(settings, "many")
        frozen, number = freeze_in_rounds(settings, slug, scale.rounds)
        long_run = send_while_people_leave(settings, slug, sink, scale.sent_of_many)
    return [
        *of_rates(rounds),
        *of_costs(rounds),
        *of_each(rounds),
        *of_floor(rounds),
        *of_memory(rounds, scale.people, long_run, scale.many),
        *of_freezing(frozen, number),
        *of_unsubscribing(long_run),
        of_this_machine(),
    ]


if __name__ == "__main__":
    main()
