"""What the audience costs: importing, exporting and counting a million people.

Run from the repository's root as `python -m benchmarks.audience [ROWS]`. It prints a table and
writes the same figures to benchmarks/results/audience.json. Everything is done by the command line
in processes of their own, whose peak memory the system tells. What is asked, and how to read it:
docs/developer/benchmarks.md.
"""

from __future__ import annotations

import json
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from rich.console import Console
from rich.table import Table

from benchmarks.audience_lists import SEGMENT, TOPIC, make_workspace, write_list
from benchmarks.figures import Figure, Sense, Target
from benchmarks.sqlite_import import is_there, seconds_to_import
from benchmarks.unsubscribing import while_people_leave
from newsletter.app.segmenting import count_segment
from newsletter.app.workspace import open_settings
from newsletter.settings.reading import read_settings

RESULTS = Path(__file__).parent / "results" / "audience.json"
PEOPLE_THERE = 20_000
"""Who is on the list already, and unsubscribes while it is imported into."""
COUNTS = 5


@dataclass(frozen=True, slots=True)
class Run:
    """A command that was run: seconds, peak memory in MB, and what it printed."""

    seconds: float
    megabytes: float
    out: str


def main(rows: int) -> None:
    """Measures, prints and writes the figures."""
    with tempfile.TemporaryDirectory(prefix="newsletter-audience-") as folder:
        figures = measure(Path(folder), rows)
    print_table(figures, rows)
    RESULTS.parent.mkdir(exist_ok=True)
    text = json.dumps(report(figures, rows), indent=2, ensure_ascii=False)
    RESULTS.write_text(f"{text}\n", encoding="utf-8")


def measure(folder: Path, rows: int) -> list[Figure]:
    """All figures, in some minutes."""
    settings = make_workspace(folder / "workspace")
    there, listed = folder / "there.csv", folder / "list.csv"
    write_list(there, PEOPLE_THERE)
    write_list(listed, rows, first=PEOPLE_THERE)
    import_list(settings, there)
    with while_people_leave(settings) as waits:
        imported = import_list(settings, listed)
    figures = [*of_import(imported, rows), *of_unsubscribing(waits.between())]
    figures += of_floor(settings.parent / "data" / "newsletter.db", listed, folder, imported)
    figures += of_exports(settings, folder, rows)
    return [*figures, *of_counts(settings)]


def import_list(settings: Path, listed: Path) -> Run:
    """Imports a list as its user would; ends the benchmark when not every row is added."""
    run = command(settings, "subscribers", "import", str(listed), "--topic", TOPIC, "--json")
    answer = json.loads(run.out)
    if answer["added"] != answer["read"]:
        raise SystemExit(f"not everybody was added: {run.out}")
    return run


def command(settings: Path, *words: str) -> Run:
    """Runs a command line in a process of its own; ends the benchmark when it fails."""
    line = [sys.executable, "-m", "newsletter", *words, "--config", str(settings)]
    with tempfile.NamedTemporaryFile("r") as measured:
        launcher = [sys.executable, "-m", "benchmarks.peak_memory", measured.name]
        run = subprocess.run([*launcher, *line], capture_output=True, text=True, check=True)
        taken = json.load(measured)
    if taken["code"]:
        raise SystemExit(f"{' '.join(words)} answered {taken['code']}: {run.stderr}")
    return Run(taken["seconds"], taken["megabytes"], run.stdout)


def of_import(run: Run, rows: int) -> list[Figure]:
    """What the import took and kept in memory."""
    return [
        Figure("import", "", run.seconds, "s"),
        Figure("import, rows in a second", "", rows / run.seconds),
        Figure("import, peak memory", "", run.megabytes, "MB", Target(Sense.AT_MOST, 150)),
    ]


def of_unsubscribing(waits: Sequence[float]) -> list[Figure]:
    """How long those waited who unsubscribed during the import."""
    hundredths = quantiles(waits, n=100)
    return [
        Figure("unsubscribing meanwhile, readers", "", len(waits)),
        Figure("unsubscribing meanwhile, p50", "", hundredths[49], "ms"),
        Figure("unsubscribing meanwhile, p99", "", hundredths[98], "ms", Target(Sense.AT_MOST, 10)),
        Figure("unsubscribing meanwhile, longest", "", max(waits), "ms"),
    ]


def of_floor(database: Path, listed: Path, folder: Path, imported: Run) -> list[Figure]:
    """The import against SQLite's own."""
    name, target = "import / sqlite3 .import, by rate", Target(Sense.AT_LEAST, 0.25)
    if not is_there():
        return [Figure(name, "", None, "", target)]
    # In a process of its own: what this one keeps in memory would count as that of its children.
    dump = [sys.executable, "-m", "benchmarks.sqlite_import", str(database), str(listed)]
    subprocess.run([*dump, str(folder)], check=True)
    seconds = seconds_to_import(database, folder)
    return [
        Figure("sqlite3 .import into three tables", "", seconds, "s"),
        Figure(name, "", seconds / imported.seconds, "", target),
    ]


def of_exports(settings: Path, folder: Path, rows: int) -> list[Figure]:
    """What both exports took and kept in memory."""
    figures = []
    for form in ("csv", "json"):
        out = folder / f"export.{form}"
        run = command(settings, "subscribers", "export", "--format", form, "--out", str(out))
        size = Target(Sense.AT_MOST, 100)
        figures += [
            Figure(f"export as {form}", "", run.seconds, "s"),
            Figure(f"export as {form}, rows in a second", "", rows / run.seconds),
            Figure(f"export as {form}, peak memory", "", run.megabytes, "MB", size),
        ]
    return figures


def of_counts(settings: Path) -> list[Figure]:
    """The best of some counts of a segment, and of a wider one."""
    figures = []
    with open_settings(read_settings(settings, use_environment=False)) as workspace:
        for rule, target in ((SEGMENT, Target(Sense.AT_MOST, 1)), ("language = en", None)):
            seconds, found = min(
                _timed(lambda rule=rule: count_segment(workspace, rule, TOPIC).count)
                for _ in range(COUNTS)
            )
            figures += [
                Figure(f"counting {rule}", "", seconds, "s", target),
                Figure("  people", "", found),
            ]
    return figures


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def print_table(figures: Sequence[Figure], rows: int) -> None:
    """The figures for a person."""
    table = Table("what", "value", "asked", "", title=f"{rows:,} people")
    for one in figures:
        table.add_row(one.what, one.shown, str(one.target or ""), one.verdict)
    Console().print(table)


def report(figures: Sequence[Figure], rows: int) -> dict[str, object]:
    """The figures for a program."""
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "machine": platform.machine(),
        "rows": rows,
        "figures": [one.as_json() for one in figures],
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
