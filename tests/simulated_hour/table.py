"""The table of an hour: what each receiver does, what was expected, and what it came to."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from newsletter.domain.deliveries import DeliveryState
from tests.simulated_hour.hour import States
from tests.simulated_hour.outcome import Row

_LEGEND = "tries: messages that somebody would hand over; mails: those that it has"


def print_table(rows: Sequence[Row]) -> None:
    """Prints it, and below it what annoyed whom."""
    table = Table(title="An hour with ten receivers that misbehave", caption=_LEGEND)
    for name in ("receiver", "what it does", "expected", "at the end"):
        table.add_column(name)
    for name in ("tries", "mails", "annoyed"):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(*_cells(row))
    console = Console(width=150)
    console.print(table)
    for row in rows:
        for line in row.annoyances:
            console.print(f"{row.receiver.domain}: {line}", markup=False, highlight=False)


def _cells(row: Row) -> Sequence[str]:
    return (
        row.receiver.domain.partition(".")[0],
        row.receiver.behaviour,
        _said(row.expected),
        _said(row.states),
        *map(str, (row.tries, row.mails, len(row.annoyances))),
    )


def _said(states: States) -> str:
    return ", ".join(f"{states[one]} {one}" for one in DeliveryState if states.get(one))
