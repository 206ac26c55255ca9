"""Writing messages: one after the other as they are wanted, or ahead of the connections in threads,
where signing keeps nobody waiting."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from newsletter.dispatch.claims import Claim
from newsletter.domain.deliveries import Envelope

_AT_ONCE = 8
"""Messages that a thread is given: to hand over a single one costs more than to write it."""

_FOR_ONE_RECEIVER = 5
"""As many of a receiver's messages are written ahead as may be under way to it: more would only
take the room of others."""

_STALE = timedelta(seconds=10)
"""What waited longer is written anew: Date and signature say when it was sent (M8)."""


class Messages(Protocol):
    """Where the bytes of a delivery come from."""

    def write(self, claim: Claim, now: datetime) -> tuple[Envelope, bytes]:
        """The envelope and message; raises BadAddress when the address cannot be written, BadInput
        when another value of the reader's cannot (M12)."""


class Writes(Protocol):
    """Whoever has the messages of deliveries that were taken on."""

    def expect(self, claims: Sequence[Claim]) -> None:
        """These will be wanted."""
        ...

    def ready(self, waiting: Mapping[int, Claim]) -> Iterable[Claim]:
        """Those of them whose messages can be had at once, by turns."""
        ...

    def take(self, claim: Claim) -> tuple[Envelope, bytes]:
        """Its message, with the errors of `Messages.write`."""
        ...

    def forget(self, claims: Iterable[Claim]) -> None:
        """These will not be wanted after all."""
        ...

    def close(self) -> None:
        """No other will be wanted."""
        ...


class InPlace:
    """Writes each message when it is wanted: without a signature that is soon done."""

    def __init__(self, messages: Messages, now: Callable[[], datetime]) -> None:
        self._messages = messages
        self._now = now

    def expect(self, claims: Sequence[Claim]) -> None:
        """Nothing to be done."""

    def ready(self, waiting: Mapping[int, Claim]) -> Iterable[Claim]:
        """All."""
        return waiting.values()

    def take(self, claim: Claim) -> tuple[Envelope, bytes]:
        """Writes it."""
        return self._messages.write(claim, self._now())

    def forget(self, claims: Iterable[Claim]) -> None:
        """Nothing to be done."""

    def close(self) -> None:
        """Nothing to be done."""


@dataclass(frozen=True, slots=True)
class _Written:
    at: datetime
    envelope: Envelope
    message: bytes


class Ahead:
    """Writes messages in `threads` threads, `most` ahead of the connections and no more, since each
    is as long as an edition. `on_ready` is told in the loop how many have become ready."""

    def __init__(
        self,
        messages: Messages,
        now: Callable[[], datetime],
        *,
        threads: int,
        most: int,
        on_ready: Callable[[int], None] = lambda number: None,
    ) -> None:
        self._messages = messages
        self._now = now
        self._threads = threads
        self._most = most
        self.on_ready = on_ready
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="writing")
        self._expected: dict[int, Claim] = {}
        self._begun: dict[int, Claim] = {}  # being written, or ready
        self._by_receiver: Counter[str] = Counter()  # the same
        self._ready: dict[int, _Written | Exception] = {}
        self._at_work = 0

    def expect(self, claims: Sequence[Claim]) -> None:
        """These are written as soon as there is room."""
        self._expected |= {
            one.delivery_id: one for one in claims if one.delivery_id not in self._ready
        }
        self._go_on()

    def ready(self, waiting: Mapping[int, Claim]) -> Iterable[Claim]:
        """Those that are written, which are a few of many."""
        return (waiting[delivery_id] for delivery_id in self._ready if delivery_id in waiting)

    def take(self, claim: Claim) -> tuple[Envelope, bytes]:
        """The message that was written, or one that is written anew if that was long ago."""
        written = self._ready.pop(claim.delivery_id)
        self._leave(claim)
        self._go_on()
        if isinstance(written, Exception):
            raise written
        now = self._now()
        if now - written.at > _STALE:
            return self._messages.write(claim, now)
        return written.envelope, written.message

    def forget(self, claims: Iterable[Claim]) -> None:
        """They leave their room to others."""
        for claim in claims:
            self._expected.pop(claim.delivery_id, None)
            self._ready.pop(claim.delivery_id, None)
            self._leave(claim)
        self._go_on()

    def close(self) -> None:
        """Ends the threads once they have finished what they are at."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _go_on(self) -> None:
        while self._at_work < self._threads and len(self._begun) < self._most:
            claims = self._next_ones()
            if not claims:
                return
            self._at_work += 1
            loop = asyncio.get_running_loop()
            writing = loop.run_in_executor(self._pool, self._write, claims)
            writing.add_done_callback(self._take_in)

    def _next_ones(self) -> list[Claim]:
        """Takes some of those that are expected, but of no receiver more than enough."""
        chosen: list[Claim] = []
        for claim in self._expected.values():
            if self._by_receiver[claim.receiver] < _FOR_ONE_RECEIVER:
                self._by_receiver[claim.receiver] += 1
                chosen.append(claim)
                if len(chosen) == _AT_ONCE:
                    break
        for claim in chosen:
            self._begun[claim.delivery_id] = self._expected.pop(claim.delivery_id)
        return chosen

    def _leave(self, claim: Claim) -> None:
        if self._begun.pop(claim.delivery_id, None) is not None:
            self._by_receiver[claim.receiver] -= 1

    def _write(self, claims: Sequence[Claim]) -> dict[int, _Written | Exception]:
        return {claim.delivery_id: self._written(claim) for claim in claims}

    def _written(self, claim: Claim) -> _Written | Exception:
        now = self._now()
        try:
            return _Written(now, *self._messages.write(claim, now))
        except Exception as error:  # one message's fault is no other's: raised where it is wanted
            return error

    def _take_in(self, writing: asyncio.Future[dict[int, _Written | Exception]]) -> None:
        self._at_work -= 1
        if writing.cancelled():
            return
        written = writing.result()
        wanted = self._begun.keys() & written.keys()
        self._ready.update((one, written[one]) for one in wanted)
        self._go_on()
        self.on_ready(len(wanted))
