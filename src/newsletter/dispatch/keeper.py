"""The keeper of one run: takes deliveries on ahead of the connections, and records what became of
them in small transactions, with gaps between them in which everybody else gets their turn."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress

from newsletter.dispatch.claims import Claim
from newsletter.dispatch.journal import Journal
from newsletter.dispatch.ledger import PutOff
from newsletter.dispatch.line import Line
from newsletter.dispatch.pace import Pace
from newsletter.dispatch.recording import Told
from newsletter.dispatch.traffic import Traffic
from newsletter.dispatch.turn_taking import TakesTurns
from newsletter.dispatch.turns import Answer, Turn
from newsletter.dispatch.watching import End
from newsletter.dispatch.writing import Writes
from newsletter.domain.deliveries import DeliveryState, SkipReason
from newsletter.domain.errors import DatabaseBusy

_AT_LEAST_EVERY = 0.5
"""Seconds between two looks at whether the edition was paused or cancelled (5 are allowed)."""

_AT_MOST_EVERY = 0.1
"""Seconds between two transactions, unless many messages are done, or connections wait."""

_MANY = 100
"""Rows of one transaction: a reader who leaves waits for no more than these."""

_GAP = 0.005
"""Seconds, at least, between two transactions; and no less than the one before took."""


class Keeper:
    """Between the connections of one run and the ledger."""

    def __init__(
        self,
        desk: TakesTurns,
        journal: Journal,
        traffic: Traffic,
        writing: Writes,
        *,
        connections: int,
        on_skipped: Callable[[int], None] = lambda number: None,
    ) -> None:
        """`on_skipped` is told how many deliveries were passed over, whenever some were."""
        self._desk = desk
        self._journal = journal
        self._traffic = traffic
        self._line = Line(traffic, writing)
        self._on_skipped = on_skipped
        self._pace = Pace(connections)
        self._told: list[Told] = []
        self._skipped: dict[int, SkipReason] = {}
        self._given_back: list[int] = []
        self._put_off: dict[int, PutOff] = {}
        self._in_hand = 0
        self._done = 0
        self._end: End | None = None
        self._is_finishing = False
        self._is_dry = False
        self._for_keeper = asyncio.Event()
        self._ended = asyncio.Event()
        self.tally: Counter[DeliveryState] = Counter()

    @property
    def waiting(self) -> Collection[Claim]:
        """What was taken on and waits for a connection."""
        return self._line.claims

    @property
    def why(self) -> End:
        """Why the run ended."""
        return self._end or End.DONE

    @property
    def has_ended(self) -> bool:
        """Whether nothing more may begin."""
        return self._end is not None

    # What the connections call.

    async def next(self, relay: str | None) -> Claim | None:
        """The next delivery to attempt by this relay, as soon as there is one; None when no other
        comes."""
        while (claim := self._line.take(relay)) is None:
            if self._end is not None:
                return None
            if not self._line and not (self._is_dry and self._in_hand):
                self._for_keeper.set()
            await self._line.wait(relay)
        self._in_hand += 1
        if len(self._line) < self._pace.to_hold // 4:
            self._for_keeper.set()
        return claim

    def tell(self, claim: Claim, told: Told, relay: str | None) -> None:
        """An attempt by this relay came to this; it is in the journal."""
        self._told.append(told)
        self._traffic.ends(claim, relay, told.outcome)
        self._let_go()
        if self._traffic.hold is not None:
            self.end(End.HELD)

    def skip(self, claim: Claim, reason: SkipReason, relay: str | None) -> None:
        """The delivery was not attempted, for this reason."""
        self._skipped[claim.delivery_id] = reason
        self._traffic.abandons(claim, relay)
        self._let_go()

    def put_back(self, claim: Claim, relay: str | None) -> None:
        """The delivery was not begun: another connection may take it."""
        self._in_hand -= 1
        self._traffic.abandons(claim, relay)
        if self._end is None:
            self._line.join([claim])
        else:
            self._given_back.append(claim.delivery_id)

    def went_down(self, relay: str | None, asks_to_wait: str | None) -> None:
        """No connection to this relay can be had: others take its share. `asks_to_wait` is the code
        with which it asked us to come later."""
        self._traffic.went_down(relay, asks_to_wait)
        self.look()

    def may_speak_to(self, relay: str | None) -> bool:
        """Whether the relay has not asked us to come later."""
        return self._traffic.may_speak_to(relay)

    def came_up(self, relay: str | None) -> None:
        """It may be tried again."""
        self._traffic.came_up(relay)
        self.look()

    def end(self, why: End) -> None:
        """No more is taken on; what waits is given back. The first reason stands."""
        if self._end is not None:
            return
        self._end = why
        self._given_back += self._line.break_up()
        self._ended.set()
        self._for_keeper.set()

    def look(self, number: int | None = None) -> None:
        """Something has changed for those that wait: so many connections look again, or all."""
        self._line.wake(number)

    async def wait_for_end(self, seconds: float) -> None:
        """Waits so many seconds, or until the run ends."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ended.wait()

    def finish(self) -> None:
        """All connections have come to their end: record the rest, and `keep` returns."""
        self._is_finishing = True
        self._for_keeper.set()

    # Its own work.

    async def keep(self) -> None:
        """Keeps the ledger until `finish`.

        Raises SurroundingsFailed when the database takes nothing any more, which ends the run:
        what is not recorded is in the journal.
        """
        try:
            await self._keep()
        except BaseException:
            self.end(End.FAILED)  # nobody waits for ever for what will not come
            raise

    async def _keep(self) -> None:
        clock = asyncio.get_running_loop().time
        looked = clock()
        while True:
            is_last = self._is_finishing
            turn = self._turn()
            if not (is_last and turn.says_nothing and not turn.lanes):
                began = clock()
                self._pace.look(self._done, began - looked)
                self._done, looked = 0, began
                await self._take(turn, is_last=is_last)
                await asyncio.sleep(max(_GAP, clock() - began) if not is_last else 0)
            if is_last and self._turn().says_nothing:
                return
            await self._wait()

    def _let_go(self) -> None:
        self._in_hand -= 1
        self._done += 1
        self._line.moves()  # there is room for another one to the same receiver
        if self._done >= _MANY:
            self._for_keeper.set()

    def _turn(self) -> Turn:
        stuck = self._sort_out()
        held = len(self._line) - stuck + self._in_hand
        room = self._traffic.room(self._pace.to_hold)
        wants = 0 if self._end else max(0, min(_MANY, room - held))
        return Turn(
            told=tuple(self._told[:_MANY]),
            skipped=dict(self._skipped),
            given_back=tuple(self._given_back),
            put_off=dict(self._put_off),
            lanes=self._traffic.news(),
            wants=wants,
        )

    def _sort_out(self) -> int:
        """Puts off those that wait for a receiver longer than others shall wait for them; gives how
        many of the rest are stuck."""
        why = self._traffic.end if self._end is None else None
        if why is not None:
            self.end(why)
        backlog = self._line.sort_out()
        self._put_off |= backlog.put_off
        return backlog.stuck

    async def _take(self, turn: Turn, *, is_last: bool) -> None:
        try:
            answer = await self._desk.take(turn)
        except DatabaseBusy:
            # What the server answered is in the journal. Each try has waited its full time.
            if is_last:
                raise
            return
        self._settle(turn)
        self._traffic.learn(answer.lanes)
        self._take_on(answer, turn)

    def _settle(self, turn: Turn) -> None:
        del self._told[: len(turn.told)]
        del self._given_back[: len(turn.given_back)]
        for delivery_id in turn.skipped:
            del self._skipped[delivery_id]
        for delivery_id in turn.put_off:
            del self._put_off[delivery_id]
        self._journal.settle([(told.delivery_id, told.attempt) for told in turn.told])
        self.tally.update(told.outcome.state for told in turn.told if not told.is_to_be_repeated)

    def _count(self, answer: Answer, turn: Turn) -> None:
        """What came to an end without an attempt."""
        skipped = len(turn.skipped) + answer.batch.skipped
        if skipped:
            self.tally[DeliveryState.SKIPPED] += skipped
            self._on_skipped(skipped)
        if answer.expired:
            self.tally[DeliveryState.FAILED] += answer.expired

    def _take_on(self, answer: Answer, turn: Turn) -> None:
        self._count(answer, turn)
        if turn.wants:
            self._is_dry = answer.batch.is_empty
        if not answer.goes_on:
            self.end(End.INTERRUPTED)
        elif turn.wants and self._is_dry and not self._awaits_more:
            self.end(End.DONE)
        if self._end is not None:  # it ended while they were being taken on
            self._given_back += [claim.delivery_id for claim in answer.batch.claims]
            return
        if answer.batch.claims:
            self._line.join(answer.batch.claims)
        if answer.batch.skipped:  # others are wanted in their place, by connections that wait
            self._for_keeper.set()

    @property
    def _awaits_more(self) -> bool:
        return bool(self._line or self._in_hand or self._put_off) or self._traffic.awaits_more

    async def _wait(self) -> None:
        seconds = _AT_MOST_EVERY if self._told else _AT_LEAST_EVERY
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._for_keeper.wait()
        self._for_keeper.clear()
