"""What the settings say that relays and receivers take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_UNDER_WAY = 5
"""Messages to one receiver at once, and altogether until one was accepted: if all of them are
refused by a fault of ours, no more readers than these were (S4)."""


@dataclass(frozen=True, slots=True)
class ReceiverLimit:
    """What one receiver takes: so many messages at once, five at most, and messages in a second,
    None for as many as come."""

    connections: int = MOST_UNDER_WAY
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages in a second of all that goes out, of relays by host and port, and what receivers
    take by their domains; what is not there is not limited."""

    rate: float | None = None
    relays: Mapping[str, float] = field(default_factory=dict)
    receivers: Mapping[str, ReceiverLimit] = field(default_factory=dict)

    def connections(self, receiver: str) -> int:
        """How many messages may be under way to the receiver."""
        limit = self.receivers.get(receiver)
        return MOST_UNDER_WAY if limit is None else min(limit.connections, MOST_UNDER_WAY)

    @property
    def receiver_rates(self) -> Mapping[str, float]:
        """The rates of those receivers that have one."""
        return {name: limit.rate for name, limit in self.receivers.items() if limit.rate}
