"""How far the opening of links has come, for people at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn


@contextmanager
def link_bar() -> Iterator[Callable[[int, int], object]]:
    """A bar on stderr when that is a terminal, nothing elsewhere; it is told (done, total)."""
    console = Console(stderr=True)
    with Progress(
        TextColumn("links"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task("links", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
