"""How far a long piece of work of several parts has come, for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

_EVERY = 256
"""Steps between two looks at the clock: work that takes microseconds must not wait for its bar."""


class Phases:
    """One bar after the other, of which each tells what is being done."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task: TaskID | None = None
        self._steps = 0

    def phase(self, words: str, total: int | None) -> None:
        """Another part of the work begins, of `total` units, or nobody knows how many."""
        if self._task is not None:
            self._bars.remove_task(self._task)
        self._task = self._bars.add_task(words, total=total)
        self._steps = 0

    def at(self, done: int) -> None:
        """So many of them are done."""
        self._steps += 1
        if self._task is not None and self._steps % _EVERY == 1:
            self._bars.update(self._task, completed=done)


@contextmanager
def phases() -> Iterator[Phases]:
    """Bars on stderr when that is a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bars:
        yield Phases(bars)
