"""Which of several relays the next message goes to: each takes its share by weight, while it keeps
up."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from newsletter.dispatch.relays import WeightedRelay

STALLED_AFTER = 5.0
"""Seconds after which nobody waits for a relay any more of which no connection asks for a message:
none is free, so that it is slower than its share."""

HELPED_AFTER = 60.0
"""Seconds that those of weight 0 leave to a relay that takes nothing for so long and no longer."""


@dataclass(slots=True)
class _Standing:
    """How far a relay has come, by `stride` with each message, which is the shorter the larger its
    weight; and whether others wait for it."""

    weight: int
    stride: int
    room: int
    asked_at: float
    come: int = 0
    held_until: float = -math.inf
    is_down: bool = False

    def is_awaited(self, now: float) -> bool:
        """Whether others keep to their shares beside it."""
        return not self.is_down and now - self.asked_at < STALLED_AFTER


class RelayShares:
    """The shares of one run, relays named as `Transport.relay` names them.

    A relay may be ahead of the one that is furthest behind by as many messages as it has
    connections: so the shares hold to within that, and no connection waits while all keep up. One
    that is down, held back by its rate, or has not asked for `STALLED_AFTER` seconds holds nobody
    up, and does not make up later for what it missed. Those of weight 0 take nothing but while all
    others are down, or are held back for longer than `HELPED_AFTER`; then each takes as much as the
    next. All times are in seconds, by a clock that only goes on.
    """

    def __init__(self, relays: Collection[WeightedRelay], now: float) -> None:
        weights = {one.name: one.weight or 1 for one in relays}
        whole = math.lcm(*weights.values())  # whole numbers, for parts would not add up
        self._standings = {
            one.name: _Standing(one.weight, whole // weights[one.name], one.connections, now)
            for one in relays
        }

    @property
    def relays(self) -> Collection[str | None]:
        """The names of all of them."""
        return self._standings.keys()

    def may_take(self, relay: str | None, now: float) -> bool:
        """Whether a connection to this relay that is free may take another message.

        To be asked anew whenever another relay took one or went down, and every second or so, for
        time alone may change the answer. While any relay that has a weight is up and not held back,
        one of those may take.
        """
        asking = self._standings[relay]
        if asking.is_down or now < asking.held_until or not self._is_its_turn(asking, now):
            return False
        lowest = self._lowest_beside(asking, now)
        if not asking.is_awaited(now):
            asking.come = max(asking.come, lowest)
        asking.asked_at = now
        return asking.come - lowest < asking.room * asking.stride

    def took(self, relay: str | None) -> None:
        """It took a message."""
        one = self._standings[relay]
        one.come += one.stride

    def gave_back(self, relay: str | None) -> None:
        """The message that it took was not handed over, and may go by another."""
        one = self._standings[relay]
        one.come -= one.stride

    def hold_back(self, relay: str | None, until: float) -> None:
        """It takes nothing until then: for its rate, or since it asked for a pause."""
        one = self._standings[relay]
        one.held_until = until
        one.asked_at = -math.inf

    def went_down(self, relay: str | None) -> None:
        """Nothing can be handed to it until `came_up`: none of its connections stands."""
        one = self._standings[relay]
        one.is_down = True
        one.asked_at = -math.inf

    def is_down(self, relay: str | None) -> bool:
        """Whether nothing can be handed to it now."""
        return self._standings[relay].is_down

    def came_up(self, relay: str | None) -> None:
        """It can be spoken to again."""
        self._standings[relay].is_down = False

    def _is_its_turn(self, one: _Standing, now: float) -> bool:
        return one.weight > 0 or all(
            other.is_down or other.held_until > now + HELPED_AFTER
            for other in self._standings.values()
            if other.weight > 0
        )

    def _lowest_beside(self, asking: _Standing, now: float) -> int:
        """How far the last of those has come that `asking` shares with and has to wait for; as far
        as itself when there is none."""
        others = [
            other.come
            for other in self._standings.values()
            if other is not asking
            and (other.weight > 0) == (asking.weight > 0)
            and other.is_awaited(now)
        ]
        return min(others, default=asking.come)
