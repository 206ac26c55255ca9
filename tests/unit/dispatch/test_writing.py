"""Messages that are written ahead of the connections, in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, get_ident

import pytest

from newsletter.dispatch.claims import Claim
from newsletter.dispatch.writing import Ahead, InPlace, Writes
from newsletter.domain.deliveries import Envelope
from newsletter.domain.errors import BadAddress

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)


def _claims(*ids: int) -> list[Claim]:
    """Deliveries, each to a receiver of its own."""
    return [_claim(one, f"d{one}.example.org") for one in ids]


def _claim(number: int, receiver: str) -> Claim:
    return Claim(number, number, f"r{number}@{receiver}", "", receiver, "en", 1)


def _ready(writing: Writes, claims: Sequence[Claim]) -> list[Claim]:
    return list(writing.ready({claim.delivery_id: claim for claim in claims}))


@dataclass
class Hand:
    """Writes a message that says when; that of reader 13 cannot be written. What it may not begin
    before waits for `may_write`."""

    may_write: Event = field(default_factory=Event)
    written: list[int] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.may_write.set()

    def write(self, claim: Claim, now: datetime) -> tuple[Envelope, bytes]:
        self.may_write.wait()
        self.threads.add(get_ident())
        self.written.append(claim.delivery_id)
        if claim.delivery_id == 13:
            raise BadAddress("an address that cannot be written")
        return Envelope("bounces@example.org", claim.address, False), now.isoformat().encode()


@dataclass
class Desk:
    """Somebody who wants messages, and the clock on the wall."""

    hand: Hand = field(default_factory=Hand)
    now: datetime = NOW

    def run(self, work: Callable[[Ahead, Desk], Coroutine[None, None, None]], **how: int) -> None:
        asyncio.run(self._run(work, **how))

    async def _run(
        self,
        work: Callable[[Ahead, Desk], Coroutine[None, None, None]],
        threads: int = 2,
        most: int = 100,
    ) -> None:
        ahead = Ahead(self.hand, lambda: self.now, threads=threads, most=most)
        self._news = asyncio.Event()
        ahead.on_ready = lambda number: self._news.set()
        try:
            async with asyncio.timeout(5):
                await work(ahead, self)
        finally:
            ahead.close()

    async def until_ready(self, ahead: Ahead, claims: Sequence[Claim]) -> None:
        while len(_ready(ahead, claims)) < len(claims):
            self._news.clear()
            await self._news.wait()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_what_is_expected_is_written_once_and_in_other_threads(desk: Desk) -> None:
    claims = _claims(*range(101, 131))

    async def work(ahead: Ahead, desk: Desk) -> None:
        ahead.expect(claims)
        await desk.until_ready(ahead, claims)
        recipients = [ahead.take(claim)[0].recipient for claim in claims]
        assert recipients == [claim.address for claim in claims]

    desk.run(work)

    assert sorted(desk.hand.written) == [claim.delivery_id for claim in claims]
    assert get_ident() not in desk.hand.threads


def test_no_more_is_written_ahead_than_there_is_room_for(desk: Desk) -> None:
    """Each is as long as an edition: the memory must not grow with the list."""
    claims = _claims(*range(101, 201))

    async def work(ahead: Ahead, desk: Desk) -> None:
        ahead.expect(claims)
        await desk.until_ready(ahead, claims[:20])
        assert len(desk.hand.written) <= 20 + 2 * 8
        for claim in claims:
            await desk.until_ready(ahead, [claim])
            ahead.take(claim)

    desk.run(work, most=20)

    assert len(desk.hand.written) == 100


def test_who_waits_for_a_slow_receiver_takes_no_room_from_others(desk: Desk) -> None:
    slow = [_claim(number, "slow.example.org") for number in range(101, 201)]
    others = _claims(*range(1001, 1011))

    async def work(ahead: Ahead, desk: Desk) -> None:
        ahead.expect(slow)
        ahead.expect(others)
        await desk.until_ready(ahead, others)
        assert 1 <= len(_ready(ahead, slow)) <= 5

    desk.run(work, most=20)


def test_what_cannot_be_written_is_an_error_where_it_is_wanted_and_nowhere_else(
    desk: Desk,
) -> None:
    claims = _claims(12, 13, 14)

    async def work(ahead: Ahead, desk: Desk) -> None:
        ahead.expect(claims)
        await desk.until_ready(ahead, claims)
        with pytest.raises(BadAddress):
            ahead.take(claims[1])
        assert ahead.take(claims[2])[0].recipient == "r14@d14.example.org"

    desk.run(work)


def test_what_waited_too_long_is_written_anew_so_that_its_date_is_that_of_sending(
    desk: Desk,
) -> None:
    """M8"""
    claims = _claims(1, 2)

    async def work(ahead: Ahead, desk: Desk) -> None:
        ahead.expect(claims)
        await desk.until_ready(ahead, claims)
        desk.now = NOW + timedelta(seconds=9)
        assert ahead.take(claims[0])[1] == NOW.isoformat().encode()
        desk.now = NOW + timedelta(seconds=11)
        assert ahead.take(claims[1])[1] == desk.now.isoformat().encode()

    desk.run(work)


def test_what_is_not_wanted_any_more_leaves_its_room_to_others(desk: Desk) -> None:
    """Whether it is written, being written, or was not begun."""
    claims = _claims(*range(1, 41))

    async def work(ahead: Ahead, desk: Desk) -> None:
        desk.hand.may_write.clear()
        ahead.expect(claims[:30])
        ahead.forget(claims[:30])
        ahead.expect(claims[30:])
        desk.hand.may_write.set()
        await desk.until_ready(ahead, claims[30:])
        assert not _ready(ahead, claims[:30])

    desk.run(work, most=10)


def test_a_message_that_is_wanted_again_is_written_again(desk: Desk) -> None:
    (claim,) = _claims(1)

    async def work(ahead: Ahead, desk: Desk) -> None:
        for _ in range(2):
            ahead.expect([claim])
            await desk.until_ready(ahead, [claim])
            ahead.take(claim)

    desk.run(work)

    assert desk.hand.written == [1, 1]


def test_without_threads_each_is_written_when_it_is_wanted(desk: Desk) -> None:
    (claim,) = _claims(1)
    writing = InPlace(desk.hand, lambda: desk.now)
    writing.expect([claim])
    assert _ready(writing, [claim]) == [claim]
    assert not desk.hand.written

    writing.take(claim)

    assert desk.hand.written == [1]
