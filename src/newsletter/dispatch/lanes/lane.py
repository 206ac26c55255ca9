"""One lane: what is remembered of the way to a receiver, to a relay or out of the house.

Only what is worth remembering has a `Lane`: most receivers take whatever comes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from newsletter.domain.lanes import LaneKind


class LaneKey(NamedTuple):
    """Which lane: `name` is a receiver's domain, a relay's host and port, or nothing for the way
    out of the house."""

    kind: LaneKind
    name: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The state of one lane; all moments are aware, all rates are messages in a second.

    `rate` is what the lane was slowed down to, None while the settings alone say how much it takes;
    it was changed at `rate_changed_at` and grows back to `full_rate`. `next_at` is the moment up to
    which the messages that went have used up the rate.

    `closed_until` stays when it has passed, until something was accepted: until then the lane is on
    trial. `closed_for` is how many seconds it was closed for the last time, 0 when it is open.
    `refused` are the deliveries that were refused in a row by a fault of ours, each once; `code` is
    of the answer that closed it, or of the last refusal, as `550 5.7.515`.

    `paid` is how many seconds of the rate this process has used up in all; it is not stored.
    """

    rate: float | None = None
    full_rate: float | None = None
    rate_changed_at: datetime | None = None
    next_at: datetime | None = None
    closed_until: datetime | None = None
    closed_for: int = 0
    code: str | None = None
    refused: tuple[int, ...] = ()
    paid: float = field(default=0.0, compare=False)

    def is_closed(self, now: datetime) -> bool:
        """Whether nothing may go."""
        return self.closed_until is not None and now < self.closed_until

    def is_on_trial(self, now: datetime) -> bool:
        """Whether it was closed, and nothing was accepted since it opened: one at a time may go."""
        return self.closed_until is not None and now >= self.closed_until

    @property
    def asked_for_a_pause(self) -> bool:
        """Whether it was 421 that closed it, not refusals by a fault of ours."""
        return self.code is not None and self.code.startswith("421")

    def is_worth_remembering(self, now: datetime) -> bool:
        """Whether it says more than that everything may go."""
        return (
            self.rate is not None
            or self.closed_until is not None
            or bool(self.refused)
            or (self.next_at is not None and self.next_at > now)
        )


OPEN = Lane()
"""A lane of which nothing is remembered."""
