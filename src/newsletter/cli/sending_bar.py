"""How sending goes, as a bar at a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
)
from rich.text import Text

from newsletter.cli.sending_figures import SendingFigures
from newsletter.dispatch.watching import End
from newsletter.domain.deliveries import DeliveryState, Outcome

_EVERY = 0.2
"""Seconds between two looks of the bar at the figures: messages take microseconds."""

_BAR_WIDTH = 20


class _Facts(ProgressColumn):
    """How far it is, how fast it goes and what came of the messages; worked out when it is drawn,
    so that the rate falls when nothing moves."""

    def __init__(
        self, figures: Mapping[TaskID, SendingFigures], clock: Callable[[], float]
    ) -> None:
        super().__init__()
        self._figures = figures
        self._clock = clock

    def render(self, task: Task) -> Text:
        """What stands behind the bar."""
        figures = self._figures[task.id]
        pace = figures.pace(self._clock())
        return Text(f"{figures.done}/{figures.total} {pace}; {figures.outcomes}")


class SendingBar:
    """A watcher that draws a bar for each edition while the block lasts."""

    def __init__(
        self, console: Console | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`console` is stderr unless it is given; `clock` shows seconds and never goes back."""
        self._clock = clock
        self._figures: dict[TaskID, SendingFigures] = {}
        self._task = TaskID(0)
        self._drawn = clock()
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=_BAR_WIDTH),
            _Facts(self._figures, clock),
            console=console or Console(stderr=True),
            refresh_per_second=4,
        )

    def __enter__(self) -> SendingBar:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._figures:
            self._bars.stop()

    def begins(self, edition: str, counts: Mapping[DeliveryState, int]) -> None:
        """Draws another bar, below those that were."""
        figures = SendingFigures(counts, self._clock())
        task = TaskID(len(self._figures))
        self._figures[task] = figures
        self._task = self._bars.add_task(edition, total=figures.total)
        self._bars.start()  # only now, so that nothing is drawn when there is nothing to send

    def attempted(self, edition: str, delivery_id: int, outcome: Outcome) -> None:
        """Counts it."""
        self._figures[self._task].add(outcome.state)
        self._draw_when_due()

    def skipped(self, edition: str, number: int) -> None:
        """Counts them."""
        self._figures[self._task].add(DeliveryState.SKIPPED, number)
        self._draw_when_due()

    def ends(self, edition: str, end: End) -> None:
        """Leaves the bar as it stands, with what it came to."""
        self._figures[self._task].end(self._clock())
        self._draw()

    def _draw_when_due(self) -> None:
        if self._clock() - self._drawn >= _EVERY:
            self._draw()

    def _draw(self) -> None:
        self._drawn = self._clock()
        self._bars.update(self._task, completed=self._figures[self._task].done)
