"""Sending one edition: several connections that each hand over one message after the other, and one
keeper who takes deliveries on for them and records what became of each.

Nothing here undoes anything when it is broken off: the journal tells whoever comes next.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from newsletter.dispatch.claims import Claim
from newsletter.dispatch.journal import Journal
from newsletter.dispatch.keeper import Keeper
from newsletter.dispatch.ports import Transport
from newsletter.dispatch.recording import Told
from newsletter.dispatch.stopping import Stopping
from newsletter.dispatch.watching import End, Watcher
from newsletter.dispatch.writing import Writes
from newsletter.domain.deliveries import DeliveryState, Envelope, Outcome, SkipReason
from newsletter.domain.errors import (
    BadAddress,
    BadInput,
    NewsletterError,
    RelayUnreachable,
    SurroundingsFailed,
)

RECONNECT_AFTER = 5.0
"""Seconds until a connection is tried again that could not be made while others stand."""


_NO_JOURNAL = "Not sent to its end: the journal could not be written."


class KnowsWishes(Protocol):
    """Whoever knows whether people still want what was taken on for them."""

    def reason_against(self, claim: Claim) -> SkipReason | None:
        """Why the delivery must not be attempted now; None when nothing speaks against it. Raises
        SurroundingsFailed."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a run sends with. `before_end` returns when the journal may be relied on;
    `repeats_unknown` sends again what nobody knows of (`dispatch.ambiguous`)."""

    writing: Writes
    transports: Sequence[Transport]
    journal: Journal
    before_end: Callable[[], Awaitable[None]]
    repeats_unknown: bool
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run came to: deliveries by state, and why it ended."""

    tally: Counter[DeliveryState]
    end: End


class Sending:
    """One edition's run; use it once."""

    def __init__(
        self,
        edition: str,
        keeper: Keeper,
        wishes: KnowsWishes,
        means: Means,
        watcher: Watcher,
        *,
        reconnect_after: float = RECONNECT_AFTER,
    ) -> None:
        self._edition = edition
        self._keeper = keeper
        self._wishes = wishes
        self._means = means
        self._watcher = watcher
        self._reconnect_after = reconnect_after
        self._connections = Counter(transport.relay for transport in means.transports)
        self._down: Counter[str | None] = Counter()
        self._failure: Exception | None = None

    async def run(self, stopping: Stopping) -> Ran:
        """Sends all that is due, or until somebody asks it to stop.

        Raises RelayUnreachable when no connection can be had any more, and SurroundingsFailed when
        journal or database take nothing more; what is in flight is finished first in either case.
        What could not be recorded then is in the journal.
        """
        with _told_to_stop(stopping, lambda: self._keeper.end(End.STOPPED)):
            keeping = asyncio.create_task(self._keeper.keep())
            try:
                async with asyncio.TaskGroup() as workers:
                    for transport in self._means.transports:
                        workers.create_task(self._work(transport))
            finally:
                # Also when this is broken off: nothing may be taken on behind our back.
                self._keeper.end(End.FAILED)
                self._keeper.finish()
                await keeping
        if self._failure is not None:
            raise self._failure
        return Ran(self._keeper.tally, self._keeper.why)

    async def _work(self, transport: Transport) -> None:
        while (claim := await self._keeper.next(transport.relay)) is not None:
            try:
                await self._attempt(transport, claim)
            except RelayUnreachable as error:
                self._keeper.put_back(claim, transport.relay)
                await self._wait_for_relay(transport, error)
            except NewsletterError as error:
                self._fail(error, End.FAILED)
                self._keeper.put_back(claim, transport.relay)
            except Exception as error:  # a fault of the program: the others finish what they have
                self._fail(error, End.FAILED)

    async def _attempt(self, transport: Transport, claim: Claim) -> None:
        # First, for it may take minutes, in which people leave and editions are cancelled.
        await transport.open()
        if self._keeper.has_ended:
            self._keeper.put_back(claim, transport.relay)
            return
        reason = self._wishes.reason_against(claim)
        if reason is not None:
            self._means.writing.forget([claim])
            self._keeper.skip(claim, reason, transport.relay)
            return
        try:
            envelope, message = self._means.writing.take(claim)
        except BadAddress:
            self._keeper.skip(claim, SkipReason.ADDRESS, transport.relay)
        except BadInput as error:  # one reader's value that no header may hold (M12)
            self._tell(claim, Outcome(DeliveryState.FAILED, None, None, error.what), transport)
        else:
            outcome = await self._hand_over(transport, claim, envelope, message)
            self._tell(claim, outcome, transport)

    async def _hand_over(
        self, transport: Transport, claim: Claim, envelope: Envelope, message: bytes
    ) -> Outcome:
        outcome = await transport.begin(envelope, message)
        return await self._finish(transport, claim) if outcome is None else outcome

    async def _finish(self, transport: Transport, claim: Claim) -> Outcome:
        try:
            # From the end of the message on only the server knows: this is written before it goes.
            self._means.journal.begun(claim.key)
            await self._means.before_end()
        except SurroundingsFailed as error:
            await transport.close()  # the message that was begun has no end, and is nobody's
            self._fail(error, End.FAILED)
            return Outcome(DeliveryState.DEFERRED, None, None, _NO_JOURNAL)
        return await transport.finish()

    def _tell(self, claim: Claim, outcome: Outcome, transport: Transport) -> None:
        try:
            self._means.journal.came_to(claim.key, outcome)
        except SurroundingsFailed as error:  # the database may take it still
            self._fail(error, End.FAILED)
        repeats = self._means.repeats_unknown and outcome.state is DeliveryState.UNKNOWN
        now, first = self._means.now(), claim.first_attempt_at
        told = Told(
            *(*claim.key, outcome, now, first),
            is_to_be_repeated=repeats,
            receiver=claim.receiver,
            relay=transport.relay,
        )
        self._keeper.tell(claim, told, transport.relay)
        self._watcher.attempted(self._edition, claim.delivery_id, outcome)

    async def _wait_for_relay(self, transport: Transport, error: RelayUnreachable) -> None:
        """Stands by while other connections work: many relays allow fewer than we would like."""
        relay = transport.relay
        self._down[relay] += 1
        if self._down[relay] == self._connections[relay]:
            self._keeper.went_down(relay, error.asks_to_wait)
        if self._down.total() == len(self._means.transports):
            self._fail(error, End.RELAY_LOST)
        while not (self._keeper.has_ended or await self._opens_later(transport)):
            pass
        self._down[relay] -= 1
        self._keeper.came_up(relay)

    async def _opens_later(self, transport: Transport) -> bool:
        """Waits, and tries once; nobody's message waits for it, for it may take a minute."""
        await self._keeper.wait_for_end(self._reconnect_after)
        if self._keeper.has_ended or not self._keeper.may_speak_to(transport.relay):
            return False
        try:
            await transport.open()
        except RelayUnreachable:
            return False
        except NewsletterError as error:
            self._fail(error, End.FAILED)
        return True

    def _fail(self, error: Exception, end: End) -> None:
        self._failure = self._failure or error
        self._keeper.end(end)


@contextmanager
def _told_to_stop(stopping: Stopping, end: Callable[[], None]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    with stopping.telling(lambda: loop.call_soon_threadsafe(end)):
        if stopping.is_asked:
            end()
        yield
