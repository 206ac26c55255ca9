"""All lanes of one run, of all three kinds, and what of them is to be told to the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from newsletter.dispatch.lanes.group import LaneGroup
from newsletter.dispatch.lanes.lane import Lane, LaneKey
from newsletter.dispatch.lanes.limits import Limits
from newsletter.domain.lanes import LaneKind

_OUT = ""
"""The name of the one way out of the house."""

_TIDY_EVERY = 60
"""Seconds: what went to a receiver is of interest for so long."""


@dataclass(frozen=True, slots=True)
class Change:
    """A lane that has changed here: what the database had, and what is known now."""

    base: Lane
    mine: Lane


News = Mapping[LaneKey, Change]
"""What a run has to tell of its lanes."""


class LaneBook:
    """The lanes of one run. `under_way` is how many messages are, altogether."""

    def __init__(self, limits: Limits) -> None:
        self.out = LaneGroup({} if limits.rate is None else {_OUT: limits.rate})
        self.relays = LaneGroup(limits.relays)
        self.receivers = LaneGroup(limits.receiver_rates)
        self.under_way = 0
        self._tidied_at = 0

    def begins(self, receiver: str, relay: str | None, now: datetime) -> None:
        """A message is under way to the receiver by the relay, None of a folder."""
        second = int(now.timestamp())
        self.under_way += 1
        if self.out.knows(_OUT):
            self.out.pay(_OUT, now)
        self.receivers.begins(receiver, second, now)
        if relay is not None:
            self.relays.begins(relay, second, now)

    def ends(self, receiver: str, relay: str | None) -> None:
        """It came to its end."""
        self.under_way -= 1
        self.receivers.ends(receiver)
        if relay is not None:
            self.relays.ends(relay)

    def abandons(self, receiver: str, relay: str | None, now: datetime) -> None:
        """It was not tried after all."""
        self.under_way -= 1
        self.out.pay_back(_OUT, now)
        self.receivers.abandons(receiver, now)
        if relay is not None:
            self.relays.abandons(relay, now)

    def is_free(self, relay: str | None) -> bool:
        """Whether there is nothing to know of the relay, nor of the way out of the house."""
        return not (self.out.knows(_OUT) or (relay is not None and self.relays.knows(relay)))

    def out_opens_at(self, now: datetime) -> datetime | None:
        """When a message may leave the house, None when it may now."""
        return self.out.rate_opens_at(_OUT, now)

    def out_rate(self, now: datetime) -> float | None:
        """How many messages in a second may leave the house; None without limit."""
        return self.out.rate(_OUT, now)

    def news(self, now: datetime) -> News:
        """What has changed since the database was last asked."""
        self._tidy(int(now.timestamp()))
        return {
            LaneKey(kind, name): Change(base, mine)
            for kind, group in self._groups()
            for name, base, mine in group.news(now)
        }

    def learn(self, stored: Mapping[LaneKey, Lane]) -> None:
        """Takes over what the database has, in which is what `news` told last."""
        for kind, group in self._groups():
            group.learn({key.name: lane for key, lane in stored.items() if key.kind is kind})

    def _groups(self) -> tuple[tuple[LaneKind, LaneGroup], ...]:
        return (
            (LaneKind.ALL, self.out),
            (LaneKind.RELAY, self.relays),
            (LaneKind.RECEIVER, self.receivers),
        )

    def _tidy(self, second: int) -> None:
        if second - self._tidied_at >= _TIDY_EVERY:
            self._tidied_at = second
            for _, group in self._groups():
                group.forget_idle(second)
