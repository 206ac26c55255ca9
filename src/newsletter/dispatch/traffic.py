"""Traffic: which delivery goes next and by which relay, and what answers mean for those to come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from math import ceil
from time import monotonic

from newsletter.dispatch.claims import Claim
from newsletter.dispatch.hard_bounces import HardBounceGuard
from newsletter.dispatch.lanes.book import News
from newsletter.dispatch.lanes.lane import Lane, LaneKey
from newsletter.dispatch.lanes.lanes import Lanes
from newsletter.dispatch.ledger import PutOff
from newsletter.dispatch.relay_shares import RelayShares
from newsletter.dispatch.watching import End
from newsletter.domain.deliveries import Outcome
from newsletter.domain.editions import HeldReason

WORTH_WAITING = timedelta(seconds=60)
"""A run waits as long as that for a lane to open; what opens later is put off."""

_SECONDS_AHEAD = 1
"""So much work for one receiver waits at most; the rest is put off, and others are taken on."""

_A_MOMENT = 1.0
"""Seconds after what was put off is due, until it is taken on."""

_SOONEST, _LATEST = 0.005, 0.5
"""Seconds between two looks at what waits."""

_LOOKED_AT = 20
"""Of those that wait so many are asked when they may go: a look comes soon enough for the rest."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a person has to look at the edition: the reason, and what there is to say beside it."""

    reason: HeldReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What of those that wait is put off, by their ids; and how many of the others are `stuck`,
    each the next one for a receiver that is slower than one message a second."""

    put_off: Mapping[int, PutOff]
    stuck: int


class Traffic:
    """The traffic of one run by these relays."""

    def __init__(
        self,
        lanes: Lanes,
        shares: RelayShares,
        guard: HardBounceGuard | None,
        now: Callable[[], datetime],
        *,
        clock: Callable[[], float] = monotonic,
        ends_at: datetime | None = None,
    ) -> None:
        """`guard` is None when nobody needs to look at the first answers any more. Nothing begins
        at `ends_at` or later; `clock` gives seconds, and only goes on."""
        self._lanes = lanes
        self._shares = shares
        self._guard = guard
        self._now = now
        self._clock = clock
        self._ends_at = ends_at
        self._awaited_until = clock()

    def choose(self, waiting: Iterable[Claim], relay: str | None) -> Claim | None:
        """The first of those that wait which may go now, by this relay; None when none may."""
        now = self._now()
        if self._is_over(now):
            return None
        opens_at = self._lanes.relay_opens_at(relay, now)
        if opens_at is not None:
            wait = (opens_at - now).total_seconds()
            self._shares.hold_back(relay, self._clock() + wait)
            return None
        if not self._lanes.relay_has_room(relay):
            return None
        if not self._shares.may_take(relay, self._clock()):
            return None
        return next((claim for claim in waiting if self._may_go(claim, now)), None)

    def begins(self, claim: Claim, relay: str | None) -> None:
        """The delivery goes by this relay."""
        self._shares.took(relay)
        self._lanes.begins(claim.receiver, relay, self._now())

    def ends(self, claim: Claim, relay: str | None, outcome: Outcome) -> None:
        """It came to that."""
        self._lanes.ends(claim.receiver, relay, claim.key, outcome, self._now())
        if self._guard is not None:
            self._guard.told(outcome)

    def abandons(self, claim: Claim, relay: str | None) -> None:
        """It was not tried."""
        self._shares.gave_back(relay)
        self._lanes.abandons(claim.receiver, relay, self._now())

    def went_down(self, relay: str | None, asks_to_wait: str | None) -> None:
        """No connection to it can be had; `asks_to_wait` is the code with which it said so."""
        self._shares.went_down(relay)
        if relay is not None and asks_to_wait is not None:
            self._lanes.turned_away(relay, asks_to_wait, self._now())

    def may_speak_to(self, relay: str | None) -> bool:
        """Whether it is not closed."""
        return self._lanes.relay_opens_at(relay, self._now()) is None

    def came_up(self, relay: str | None) -> None:
        """Connections to it may be had again."""
        self._shares.came_up(relay)

    @property
    def hold(self) -> Hold | None:
        """Why the edition must be held, None when it need not."""
        fault = self._lanes.fault
        if fault is not None:
            receivers = ", ".join(fault.receivers)
            return Hold(HeldReason.OUR_FAULT, f"{fault.code}, {fault.readers} readers, {receivers}")
        is_tripped = self._guard is not None and self._guard.is_tripped
        return Hold(HeldReason.HARD_BOUNCES) if is_tripped else None

    @property
    def end(self) -> End | None:
        """Why nothing more may begin in this run; None while something may."""
        if self.hold is not None:
            return End.HELD
        now = self._now()
        if self._is_over(now):
            return End.QUIET
        # Of one that is down nobody knows when it will be up.
        up = [relay for relay in self._shares.relays if not self._shares.is_down(relay)]
        opens = [self._lanes.relay_opens_at(relay, now) for relay in up]
        is_shut = all(at is not None and at > now + WORTH_WAITING for at in opens)
        return End.WAITING if up and is_shut else None

    def news(self) -> News:
        """What has been learned about lanes, for the ledger."""
        return self._lanes.news(self._now())

    def learn(self, stored: Mapping[LaneKey, Lane]) -> None:
        """What the ledger has about lanes, that news included."""
        self._lanes.learn(stored)

    def room(self, usual: int) -> int:
        """How many deliveries to have taken on: as many as usual, or a second's work by the rates
        at which they may leave."""
        rate = self._lanes.rate_out(self._shares.relays, self._now())
        return usual if rate is None else min(usual, 1 + ceil(rate))

    def next_look(self, waiting: Iterable[Claim], relay: str | None) -> float:
        """In how many seconds to look again at those that wait, if nothing happens before."""
        now = self._now()
        first = min(filter(None, self._moments(waiting, relay, now)), default=None)
        if first is None:
            return _LATEST
        return min(max((first - now).total_seconds(), _SOONEST), _LATEST)

    def sort_out(self, waiting: Iterable[Claim]) -> Backlog:
        """Which of those that wait are to wait in the ledger, and how many keep nobody else from
        being taken on."""
        now = self._now()
        by_receiver: dict[str, list[Claim]] = {}
        for claim in waiting:
            by_receiver.setdefault(claim.receiver, []).append(claim)
        late, stuck = [], 0
        for receiver, claims in by_receiver.items():
            pace = self._lanes.pace(receiver, now)
            soon = len(claims) if pace is None else max(1, ceil(pace * _SECONDS_AHEAD))
            late += [claim for claim in claims[:soon] if self._opens_late(claim, now)]
            late += claims[soon:]
            stuck += 1 if soon == 1 else 0
        return Backlog({claim.delivery_id: self._put_off(claim, now) for claim in late}, stuck)

    @property
    def awaits_more(self) -> bool:
        """Whether any that were put off will be due within a time that a run waits."""
        return self._clock() < self._awaited_until

    def _may_go(self, claim: Claim, now: datetime) -> bool:
        if not self._lanes.has_room(claim.receiver):
            return False
        return self._lanes.opens_at(claim.receiver, claim.delivery_id, now) is None

    def _opens_late(self, claim: Claim, now: datetime) -> bool:
        at = self._lanes.opens_at(claim.receiver, claim.delivery_id, now)
        return at is not None and at > now + WORTH_WAITING

    def _put_off(self, claim: Claim, now: datetime) -> PutOff:
        until = self._lanes.puts_off_until(claim.receiver, claim.delivery_id, now)
        # Once only: a run does not last for as long as the slowest receiver takes for all its mail.
        if claim.first_attempt_at is None and until <= now + WORTH_WAITING:
            seconds = (until - now).total_seconds() + _A_MOMENT
            self._awaited_until = max(self._awaited_until, self._clock() + seconds)
        return PutOff(until, claim.receiver, self._lanes.why(claim.receiver, now))

    def _moments(
        self, waiting: Iterable[Claim], relay: str | None, now: datetime
    ) -> Iterator[datetime | None]:
        yield self._lanes.relay_opens_at(relay, now)
        for claim in islice(waiting, _LOOKED_AT):
            yield self._lanes.opens_at(claim.receiver, claim.delivery_id, now)

    def _is_over(self, now: datetime) -> bool:
        return self._ends_at is not None and now >= self._ends_at
