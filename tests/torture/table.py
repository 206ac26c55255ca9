"""The table of what all kills came to, and the faults below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table

from tests.torture.kill_loop import Outcome

_COLUMNS = (
    *("kills", "editions", "people", "missing", "doubled"),
    *("doubted", "most", "open", "had it"),
)
_LEGEND = (
    "doubted: unknown to the ledger; most: of one sender; open: connections, at most;"
    " had it: doubted ones who had received it"
)


def print_table(outcomes: Sequence[Outcome]) -> None:
    """Prints it."""
    table = Table("mode and receiver", title="What the receiver's log says", caption=_LEGEND)
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    for outcome in outcomes:
        table.add_row(outcome.name, *map(str, _figures(outcome)))
    Console(width=100).print(table)
    for fault in faults(outcomes):
        print(fault)  # noqa: T201 - this is what it is for


def faults(outcomes: Sequence[Outcome]) -> list[str]:
    """Everything that must not be, in words."""
    return [line for outcome in outcomes for line in _faults(outcome)]


def _figures(outcome: Outcome) -> Sequence[int]:
    verdict = outcome.verdict
    return (
        outcome.kills,
        outcome.editions,
        verdict.people,
        len(verdict.missing),
        len(verdict.doubled),
        verdict.doubted,
        verdict.doubted_at_once,
        outcome.connections,
        verdict.received,
    )


def _faults(outcome: Outcome) -> Iterator[str]:
    name, verdict = outcome.name, outcome.verdict
    for what, people in (("missing", verdict.missing), ("doubled", verdict.doubled)):
        for one in people:
            yield f"{name}: {what}: {one}"
    if verdict.doubted_at_once > outcome.connections:
        yield f"{name}: {verdict.doubted_at_once} doubted after a kill"
    for fault in verdict.faults:
        yield f"{name}: {fault}"
