"""What one call of `send run` or `send due` did, edition by edition."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from newsletter.app.chores import ChoresReport
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import HeldReason
from newsletter.domain.errors import NewsletterError, SurroundingsFailed
from newsletter.storage.process_lock import OtherProcess


@dataclass
class SendReport:
    """The editions that were sent, at least in part; those that somebody else is sending; those
    that were held; those that wait for quiet hours to be over, or for a relay that asked us to come
    later, each with when that is; the errors of others; what all deliveries came to; whether it was
    stopped; what the chores came to that were done beside them."""

    started: list[str] = field(default_factory=list)
    busy: list[tuple[str, OtherProcess]] = field(default_factory=list)
    held: list[tuple[str, HeldReason]] = field(default_factory=list)
    quiet: list[tuple[str, datetime]] = field(default_factory=list)
    waiting: list[tuple[str, datetime]] = field(default_factory=list)
    errors: list[tuple[str, NewsletterError]] = field(default_factory=list)
    tally: Counter[DeliveryState] = field(default_factory=Counter)
    was_stopped: bool = False
    chores: list[ChoresReport] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The answer with exactly the keys that the command line promises, and if any wait for the
        end of quiet hours, or for a relay, those; and what the chores came to, if to anything."""
        answer: dict[str, Any] = {
            "started": self.started,
            "busy": [slug for slug, _ in self.busy],
            "held": [{"edition": slug, "reason": reason} for slug, reason in self.held],
        }
        for key, waiting in (("quiet", self.quiet), ("waiting", self.waiting)):
            if waiting:
                answer[key] = [
                    {"edition": slug, "until": until.isoformat()} for slug, until in waiting
                ]
        chores = [done for one in self.chores if (done := one.as_json())]
        return answer | ({"chores": chores} if chores else {})

    @property
    def exit_code(self) -> int:
        """3 when the surroundings failed, 1 when somebody did not get it or an edition waits.

        A notice that was refused changes nothing of it, but that a relay or a database keeps all of
        them waiting does.
        """
        if any(one.have_surroundings_failed for one in self.chores):
            return 3
        if any(error.exit_code == SurroundingsFailed.exit_code for _, error in self.errors):
            return 3
        if any(reason is HeldReason.NO_RELAY for _, reason in self.held):
            return 3
        lost = self.tally[DeliveryState.FAILED] + self.tally[DeliveryState.UNKNOWN]
        return 1 if self.errors or self.held or lost else 0
