"""All lanes of one kind, as one run knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from newsletter.dispatch.lanes import closing, rates
from newsletter.dispatch.lanes.closing import Pause
from newsletter.dispatch.lanes.lane import OPEN, Lane
from newsletter.dispatch.lanes.load import Load
from newsletter.dispatch.lanes.merging import merged


class LaneGroup:
    """The lanes by their names. Only those of which something is to be remembered are there: asking
    for any other is one look that finds nothing."""

    def __init__(self, rates: Mapping[str, float]) -> None:
        """`rates` are those of the settings, in messages in a second."""
        self._rates = rates
        self._lanes: dict[str, Lane] = {}
        self._known: dict[str, Lane] = {}  # what the database had when it was last asked
        self._told: dict[str, Lane] = {}
        self._loads: dict[str, Load] = {}

    def knows(self, name: str) -> bool:
        """Whether there is anything to know of it: of most there is not, and they take what
        comes."""
        return name in self._lanes or name in self._rates

    def lane(self, name: str) -> Lane | None:
        """The lane, None when all that is known of it is that it takes what comes."""
        return self._lanes.get(name)

    def under_way(self, name: str) -> int:
        """How many messages are under way there."""
        load = self._loads.get(name)
        return 0 if load is None else load.under_way

    def pace(self, name: str, second: int) -> float | None:
        """How many messages go there in a second; None while that is not known."""
        load = self._loads.get(name)
        return None if load is None else load.pace(second)

    def rate(self, name: str, now: datetime) -> float | None:
        """What it takes now, in messages in a second; None when it takes what comes."""
        return rates.effective(self._lanes.get(name, OPEN), self._rates.get(name), now)

    def rate_opens_at(self, name: str, now: datetime, ahead: int = 0) -> datetime | None:
        """When a message may go by its rate, with so many others ahead of it."""
        rate = self.rate(name, now)
        if rate is None:
            return None
        return rates.opens_at(self._lanes.get(name, OPEN), rate, now, ahead)

    def begins(self, name: str, second: int, now: datetime) -> None:
        """A message goes there, in this whole second."""
        load = self._loads.get(name)
        if load is None:
            load = self._loads[name] = Load()
        load.begins(second)
        if self.knows(name):
            self.pay(name, now)

    def ends(self, name: str) -> None:
        """It came to its end."""
        self._loads[name].ends()

    def abandons(self, name: str, now: datetime) -> None:
        """It was not tried after all."""
        self._loads[name].abandons()
        self.pay_back(name, now)

    def pay(self, name: str, now: datetime) -> None:
        """Uses up what one message takes of the rate."""
        rate = self.rate(name, now)
        if rate is not None:
            self.change(name, lambda lane: rates.paying(lane, rate, now))

    def pay_back(self, name: str, now: datetime) -> None:
        """The same the other way."""
        rate = self.rate(name, now)
        if rate is not None:
            self.change(name, lambda lane: rates.paid_back(lane, rate))

    def change(self, name: str, rule: Callable[[Lane], Lane]) -> None:
        """Makes of the lane what the rule does."""
        self._lanes[name] = rule(self._lanes.get(name, OPEN))

    def halve(self, name: str, now: datetime, *, at_least: float = 0.0) -> None:
        """Halves what the lane takes, or what it had in the last minute if that is less: somebody
        there complained. It counts as having had `at_least` so much, in messages in a second."""
        had, configured = max(self._had(name, now), at_least), self._rates.get(name)
        self.change(name, lambda lane: rates.halved(lane, configured, had, now))

    def close(self, name: str, pause: Pause, code: str, now: datetime) -> None:
        """Closes it for a while: it asked for that with this code."""
        self.change(name, lambda lane: closing.closed(lane, pause, code, now))

    def went_lately(self, name: str, now: datetime) -> bool:
        """Whether a message went there in the last minute."""
        return self._had(name, now) > 0

    def forget_idle(self, second: int) -> None:
        """Lets go of the loads of which nothing is to be known any more."""
        self._loads = {name: load for name, load in self._loads.items() if not load.is_idle(second)}

    # What goes to the database and comes from it.

    def news(self, now: datetime) -> Iterator[tuple[str, Lane, Lane]]:
        """Each lane that has changed since the database was last asked: its name, what was known
        there and what is now. What `learn` gets next is what came of these."""
        self._tidy(now)
        self._told = dict(self._lanes)
        for name in self._lanes.keys() | self._known.keys():
            base, mine = self._known.get(name, OPEN), self._lanes.get(name, OPEN)
            if mine is not base and mine != base:
                yield name, base, mine

    def learn(self, stored: Mapping[str, Lane]) -> None:
        """Takes over what the database has, with what has changed here since `news`."""
        for name in self._lanes.keys() | self._known.keys() | stored.keys():
            told = self._told.get(name, OPEN)
            mine, theirs = self._lanes.get(name, OPEN), stored.get(name, OPEN)
            if mine is told and theirs == mine == self._known.get(name):
                continue  # as with nearly all, nearly always
            self._lanes[name] = merged(told, mine, theirs)
            self._known[name] = replace(theirs, paid=told.paid)
        self._known = {name: lane for name, lane in self._known.items() if name in stored}

    def _had(self, name: str, now: datetime) -> float:
        load = self._loads.get(name)
        return 0.0 if load is None else load.lately(int(now.timestamp()))

    def _tidy(self, now: datetime) -> None:
        for name, lane in list(self._lanes.items()):
            lane = self._lanes[name] = rates.recovered(lane, now)
            if not lane.is_worth_remembering(now):
                del self._lanes[name]
