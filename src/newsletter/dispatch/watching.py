"""Who is told how sending goes, as it goes: a bar, lines, a log. Never an address, never a reply's
words, since servers quote addresses."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from newsletter.domain.deliveries import DeliveryState, Outcome


class End(StrEnum):
    """Why a run through one edition ended."""

    DONE = "done"  # nothing is due any more
    STOPPED = "stopped"  # this process was asked to stop (SIGTERM, SIGINT)
    INTERRUPTED = "interrupted"  # the edition was paused, held or cancelled
    HELD = "held"  # a fault of ours, or too many bad addresses: a person has to look
    WAITING = "waiting"  # no relay takes anything now
    QUIET = "quiet"  # quiet hours have begun
    RELAY_LOST = "relay-lost"  # the relay cannot be reached any more
    FAILED = "failed"  # database, disk or journal failed, or the program itself


class Watcher(Protocol):
    """Somebody who is told. Every method returns at once and raises nothing."""

    def begins(self, edition: str, counts: Mapping[DeliveryState, int]) -> None:
        """A run through the edition begins; `counts` is how its deliveries stand."""
        ...

    def attempted(self, edition: str, delivery_id: int, outcome: Outcome) -> None:
        """An attempt came to this; it is in the journal, and will be recorded in a moment."""
        ...

    def skipped(self, edition: str, number: int) -> None:
        """So many deliveries were skipped: their people left, or cannot be written to."""
        ...

    def ends(self, edition: str, end: End) -> None:
        """The run is over, and all of it is recorded."""
        ...


class Unwatched:
    """Nobody is told."""

    def begins(self, edition: str, counts: Mapping[DeliveryState, int]) -> None:
        """Nothing."""

    def attempted(self, edition: str, delivery_id: int, outcome: Outcome) -> None:
        """Nothing."""

    def skipped(self, edition: str, number: int) -> None:
        """Nothing."""

    def ends(self, edition: str, end: End) -> None:
        """Nothing."""
