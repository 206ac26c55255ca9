"""How sending goes, as one JSON object a line on stderr: for whoever collects logs.

With the ids of editions and deliveries, and never an address or a server's words, which quote them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from newsletter.cli.stderr_lines import say
from newsletter.dispatch.watching import End
from newsletter.domain.deliveries import DeliveryState, Outcome

EVERY = 10.0
"""Seconds between two counts of what was accepted, at least."""


class SendingLog:
    """A watcher that writes a line for whatever went otherwise than it should, and counts the
    rest."""

    def __init__(
        self, now: Callable[[], datetime], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`now` stands in the lines; `clock` shows seconds and never goes back."""
        self._now = now
        self._clock = clock
        self._accepted = 0
        self._counted = clock()

    def begins(self, edition: str, counts: Mapping[DeliveryState, int]) -> None:
        """How the deliveries stand."""
        self._counted = self._clock()
        self.note("begins", edition, counts=dict(counts))

    def attempted(self, edition: str, delivery_id: int, outcome: Outcome) -> None:
        """Counts what was accepted, and tells of the others one by one."""
        if outcome.state is not DeliveryState.ACCEPTED:
            self.note(
                "attempted",
                edition,
                delivery=delivery_id,
                state=outcome.state,
                code=outcome.code,
                enhanced=outcome.enhanced,
            )
            return
        self._accepted += 1
        if self._clock() - self._counted >= EVERY:
            self._count(edition)

    def skipped(self, edition: str, number: int) -> None:
        """How many were skipped."""
        self.note("skipped", edition, number=number)

    def ends(self, edition: str, end: End) -> None:
        """Why it ended, after what was accepted since it was last counted."""
        self._count(edition)
        self.note("ends", edition, end=end)

    def note(self, event: str, edition: str, **facts: object) -> None:
        """Writes one line about an edition."""
        self.tell(event, edition=edition, **facts)

    def tell(self, event: str, **facts: object) -> None:
        """Writes one line."""
        line = {"at": self._now().isoformat(), "event": event, **facts}
        say(json.dumps(line, ensure_ascii=False))

    def _count(self, edition: str) -> None:
        self._counted = self._clock()
        if self._accepted:
            self.note("accepted", edition, number=self._accepted)
        self._accepted = 0
