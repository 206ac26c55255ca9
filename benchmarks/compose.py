"""What composing costs, against npm mjml 4 and juice in a warm node process of the same run.

Run from the repository's root as `python -m benchmarks.compose`; `make bench` installs the peers
first. It prints tables and writes the same figures to benchmarks/results/compose.json. What is
measured, and how to read it: docs/developer/benchmarks.md.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from benchmarks.cold_command import best_cold_run
from benchmarks.compose_figures import (
    PEERS,
    of_cold_command,
    of_kind,
    of_message,
    of_seed_size,
)
from benchmarks.editions import Sample, kinds, seed_size
from benchmarks.figures import Figure
from benchmarks.html_tokens import differing_tokens
from benchmarks.npm_peers import NpmPeers, PeerMissing, npm_peers
from benchmarks.rounds import MANY
from benchmarks.stages import seconds_by_stage

LIBRARIES = ("mjml-python", "premailer", "jinja2", "markdown-it-py", "nh3", "lxml", "pillow")
RESULTS = Path(__file__).parent / "results" / "compose.json"
MOST_DIFFERING = 10
"""How many tokens that only one side has are written of each mail."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured; `skipped` says of a peer that is missing why it is."""

    figures: Sequence[Figure]
    kinds: Mapping[str, Sequence[Figure]]
    stages: Mapping[str, float]
    differing: Mapping[str, object]
    versions: Mapping[str, str]
    skipped: Mapping[str, str]


def main() -> None:
    """Measures, prints and writes the figures."""
    with peers_if_any() as (peers, skipped):
        report = measure(peers, skipped)
    print_report(report, Console())
    RESULTS.parent.mkdir(exist_ok=True)
    text = json.dumps(as_json(report), indent=2, ensure_ascii=False)
    RESULTS.write_text(f"{text}\n", encoding="utf-8")


@contextmanager
def peers_if_any() -> Iterator[tuple[NpmPeers | None, dict[str, str]]]:
    """The peers, or None and why they are missing."""
    try:
        with npm_peers() as peers:
            yield peers, {}
    except PeerMissing as error:
        yield None, {PEERS: str(error)}


def measure(peers: NpmPeers | None, skipped: Mapping[str, str]) -> Report:
    """All figures, in a minute or two."""
    seed, samples = seed_size(), list(kinds())
    if peers is not None:
        peers.warm_up(seed.rendered())
    return Report(
        figures=[
            *of_seed_size(seed, peers),
            *of_cold_command(best_cold_run(seed), seed.name),
            *of_message(),
        ],
        kinds={sample.name: list(of_kind(sample, peers)) for sample in samples},
        stages=seconds_by_stage(seed),
        differing={}
        if peers is None
        else {one.name: differing(one, peers) for one in (seed, *samples)},
        versions=versions(peers),
        skipped=skipped,
    )


def differing(sample: Sample, peers: NpmPeers) -> list[dict[str, dict[str, int]]]:
    """Of each mail the tokens that only one engine's HTML has, the most frequent first."""
    found = []
    for mail in sample.rendered():
        ours, theirs = differing_tokens(mail.html, peers.html(mail))
        found.append(
            {
                "only in ours": dict(ours.most_common(MOST_DIFFERING)),
                "only in theirs": dict(theirs.most_common(MOST_DIFFERING)),
            }
        )
    return found


def versions(peers: NpmPeers | None) -> dict[str, str]:
    """The versions of all that was measured."""
    ours = {name: version(name) for name in LIBRARIES}
    theirs = {} if peers is None else {f"npm {name}": one for name, one in peers.versions.items()}
    return {"python": platform.python_version(), **ours, **theirs}


def print_report(report: Report, console: Console) -> None:
    """The report for a person."""
    for peer, reason in report.skipped.items():
        console.print(f"Skipped: {peer} – {reason}.")
    console.print(figures_table(report.figures))
    console.print(kinds_table(report.kinds))
    console.print(stages_table(report.stages))


def figures_table(figures: Sequence[Figure]) -> Table:
    """A row for each figure."""
    table = Table("figure", "of", "measured", "target", "verdict")
    for figure in figures:
        target = "" if figure.target is None else str(figure.target)
        table.add_row(figure.what, figure.edition, figure.shown, target, figure.verdict)
    return table


def kinds_table(by_kind: Mapping[str, Sequence[Figure]]) -> Table:
    """A row for each kind of section: one section, in all languages."""
    *_, last = by_kind.values()
    asked = f"{last[-1].what} {last[-1].target}"
    table = Table(
        Column("kind", no_wrap=True), *(figure.what for figure in last[:-1]), asked, "verdict"
    )
    for kind, figures in by_kind.items():
        table.add_row(kind, *(figure.shown for figure in figures), figures[-1].verdict)
    return table


def stages_table(stages: Mapping[str, float]) -> Table:
    """A row for each stage of composing the seed-size edition in all its languages."""
    table = Table("stage of composing", "CPU ms", "share")
    total = sum(stages.values())
    for stage, took in sorted(stages.items(), key=lambda each: -each[1]):
        table.add_row(stage, f"{took * 1e3:.2f}", f"{took / total:.0%}")
    return table


def as_json(report: Report) -> dict[str, object]:
    """The report for a program."""
    return {
        "versions": report.versions,
        "machine": {"type": platform.machine(), "cores": os.cpu_count()},
        "rounds": asdict(MANY),
        "skipped": report.skipped,
        "figures": [figure.as_json() for figure in report.figures],
        "kinds": {
            kind: [figure.as_json() for figure in figures] for kind, figures in report.kinds.items()
        },
        "stages_ms": {stage: round(took * 1e3, 3) for stage, took in report.stages.items()},
        "differing_tokens": report.differing,
    }


if __name__ == "__main__":
    main()
