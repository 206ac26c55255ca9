"""Figures told: as a table to a person, and as a file to a program."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure


def tell(figures: Sequence[Figure], scale: Mapping[str, object], file: Path) -> None:
    """Prints the figures, and writes them to `file` with how much was measured, and on what."""
    table = Table("what", "value", "asked", "")
    for one in figures:
        table.add_row(one.what, one.shown, str(one.target or ""), one.verdict)
    Console().print(table)
    told = {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "machine": platform.machine(),
        "processors": len(os.sched_getaffinity(0)),
        "scale": dict(scale),
        "figures": [one.as_json() for one in figures],
    }
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{json.dumps(told, indent=2, ensure_ascii=False)}\n", encoding="utf-8")
