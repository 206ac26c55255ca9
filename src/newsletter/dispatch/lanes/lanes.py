"""The lanes of one run: what may begin now, to which receiver and by which relay (S4, S13)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from newsletter.dispatch.journal_records import Attempt
from newsletter.dispatch.lanes import closing, words
from newsletter.dispatch.lanes.answers import LaneAnswers
from newsletter.dispatch.lanes.book import LaneBook, News
from newsletter.dispatch.lanes.lane import OPEN, Lane, LaneKey
from newsletter.dispatch.lanes.limits import Limits
from newsletter.dispatch.lanes.our_faults import Fault
from newsletter.domain.deliveries import Outcome

_BUSY_TRIAL = timedelta(minutes=2)
"""Whoever finds a trial under way comes again then; an answer takes seconds."""

_FOR_THOSE_REFUSED = timedelta(minutes=10)
"""Whoever waits until those were asked again who were refused comes again then."""


_SLOWEST = 1 / 600
"""Messages in a second: nobody is put off for longer than a pause for a receiver that is slow."""


class Lanes:
    """All lanes of one run, in memory. Not for several threads: `news` and `learn` are called where
    the rest is, and what they give and take may go to any other thread."""

    def __init__(self, limits: Limits, *, has_accepted: bool = False) -> None:
        """`has_accepted` says that messages of the edition were accepted before the run."""
        self._limits = limits
        self._book = LaneBook(limits)
        self._answers = LaneAnswers(self._book, has_accepted=has_accepted)
        self._queues: dict[str, datetime] = {}

    # Whether a message may begin.

    def opens_at(
        self, receiver: str, delivery_id: int, now: datetime, *, ahead: int = 0
    ) -> datetime | None:
        """When this delivery may go to the receiver, None when it may now.

        `ahead` is how many others that wait for the receiver go before it. When a closed lane
        opens, those go first whom it has refused.
        """
        group = self._book.receivers
        if not group.knows(receiver):
            return None
        by_rate = group.rate_opens_at(receiver, now, ahead)
        lane = group.lane(receiver)
        if lane is None or lane.closed_until is None:
            return by_rate
        is_busy = lane.is_on_trial(now) and group.under_way(receiver) > 0
        by_trial = now + _BUSY_TRIAL if is_busy else None
        return _latest(by_rate, by_trial, closing.opens_at(lane, delivery_id, now))

    def relay_opens_at(self, relay: str | None, now: datetime) -> datetime | None:
        """When any message may go out by this relay, None when it may now. A relay that was closed
        is tried with one message first."""
        if self._book.is_free(relay):
            return None
        opens = self._book.out_opens_at(now)
        if relay is None:
            return opens
        lane = self._book.relays.lane(relay) or OPEN
        closed = lane.closed_until if lane.is_closed(now) else None
        return _latest(opens, self._book.relays.rate_opens_at(relay, now), closed)

    def has_room(self, receiver: str) -> bool:
        """Whether one more message may be under way to the receiver: fewer are than it takes, or
        none is. Until one message of the run was accepted, five at most are under way or were
        refused by a fault of ours."""
        if not self._answers.faults.allows(self._book.under_way):
            return False
        under_way = self._book.receivers.under_way(receiver)
        return under_way == 0 or under_way < self._room(receiver)

    def relay_has_room(self, relay: str | None) -> bool:
        """Whether one more message may be under way by the relay: one at a time tries one that was
        closed."""
        if relay is None or (lane := self._book.relays.lane(relay)) is None:
            return True
        return lane.closed_until is None or self._book.relays.under_way(relay) == 0

    # What becomes of it.

    def begins(self, receiver: str, relay: str | None, now: datetime) -> None:
        """A message to the receiver is under way by the relay, None of a folder."""
        self._book.begins(receiver, relay, now)

    def ends(
        self, receiver: str, relay: str | None, attempt: Attempt, outcome: Outcome, now: datetime
    ) -> None:
        """It came to that; `attempt` is the delivery and the number of the attempt."""
        self._book.ends(receiver, relay)
        self._answers.told(receiver, relay, attempt, outcome, now)

    def abandons(self, receiver: str, relay: str | None, now: datetime) -> None:
        """It was not tried after all."""
        self._book.abandons(receiver, relay, now)

    def turned_away(self, relay: str, code: str, now: datetime) -> None:
        """The relay said 421, with this code (`421 4.7.0`), before it took any message: nobody
        connects to it for a while."""
        self._answers.turned_away(relay, code, now)

    @property
    def fault(self) -> Fault | None:
        """Why the run must end for a fault of ours (S4); None when it need not."""
        return self._answers.faults.found

    # Those that have to wait.

    def pace(self, receiver: str, now: datetime) -> float | None:
        """How many messages in a second the receiver takes that has a rate, or as many under way as
        may be; None of one that takes what comes, and while it is not known."""
        group = self._book.receivers
        rate = group.rate(receiver, now)
        if rate is not None or self.has_room(receiver):
            return rate
        return group.pace(receiver, int(now.timestamp()))

    def rate_out(self, relays: Collection[str | None], now: datetime) -> float | None:
        """How many messages in a second may leave by these relays together; None without limit."""
        rates = [self._book.relays.rate(relay, now) if relay else None for relay in relays]
        together = sum(rate for rate in rates if rate is not None)
        limits = [self._book.out_rate(now), None if None in rates else together]
        return min((limit for limit in limits if limit is not None), default=None)

    def puts_off_until(self, receiver: str, delivery_id: int, now: datetime) -> datetime:
        """When a delivery that must wait is to be looked at again: one after the other, as fast as
        the receiver takes them, so that not all of them are looked at each time."""
        pace = self.pace(receiver, now)
        if pace is None:
            return self._next_look(receiver, delivery_id, now)
        apart = timedelta(seconds=1 / max(pace, _SLOWEST))
        opens = self.opens_at(receiver, delivery_id, now)
        until = now + apart if opens is None else self._next_look(receiver, delivery_id, now)
        until = max(until, self._queues.get(receiver, until))
        self._queues[receiver] = until + apart
        return until

    def why(self, receiver: str, now: datetime) -> str:
        """Why a delivery to the receiver waits, in our own words and without a server's."""
        lane = self._book.receivers.lane(receiver) or OPEN
        return words.why(receiver, lane, self._book.receivers.rate(receiver, now), now)

    # What goes to the database and comes from it.

    def news(self, now: datetime) -> News:
        """What has changed since the database was last asked, for `lane_store.exchange`."""
        return self._book.news(now)

    def learn(self, stored: Mapping[LaneKey, Lane]) -> None:
        """Takes over what the exchange of the last `news` gave, once it is committed; what has
        changed here meanwhile is kept."""
        self._book.learn(stored)

    def _room(self, receiver: str) -> int:
        lane = self._book.receivers.lane(receiver)
        if lane is None:
            return self._limits.connections(receiver)
        if lane.closed_until is not None:
            return 1
        return self._limits.connections(receiver) - len(lane.refused)

    def _next_look(self, receiver: str, delivery_id: int, now: datetime) -> datetime:
        lane = self._book.receivers.lane(receiver)
        opens = self.opens_at(receiver, delivery_id, now) or now + closing.FOR_OTHERS
        if lane is None or lane.closed_until is None:
            return opens
        # Before those who were refused are given up on: perhaps they are accepted by then.
        soon = max(lane.closed_until + closing.FOR_OTHERS, now + _FOR_THOSE_REFUSED)
        return min(opens, soon)


def _latest(*moments: datetime | None) -> datetime | None:
    return max(filter(None, moments), default=None)
