"""In virtual time an hour takes as long as the work that is done in it, and nothing is early."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from newsletter.app import event_loops
from tests.simulated_hour import virtual_time as module
from tests.simulated_hour.virtual_time import VirtualTime, virtual_time

HOUR = 3600.0


@pytest.fixture
def loop() -> Iterator[VirtualTime]:
    with virtual_time() as loop:
        yield loop


def test_an_hour_is_slept_through_at_once(loop: VirtualTime) -> None:
    began = time.monotonic()

    loop.run_until_complete(asyncio.sleep(HOUR))

    assert loop.time() == HOUR
    assert time.monotonic() - began < 60


def test_who_sleeps_shorter_wakes_first(loop: VirtualTime) -> None:
    woken: list[tuple[float, float]] = []

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds)
        woken.append((seconds, loop.time()))

    async def sleep_all() -> None:
        await asyncio.gather(*map(sleep, (30.0, 0.1, HOUR)))

    loop.run_until_complete(sleep_all())

    assert woken == [(0.1, 0.1), (30.0, 30.0), (HOUR, HOUR)]


def test_bytes_arrive_before_any_time_has_passed(loop: VirtualTime) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line)
        writer.close()
        await writer.wait_closed()

    async def talk() -> float:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        for number in range(200):
            async with asyncio.timeout(HOUR):
                writer.write(f"{number}\n".encode())
                assert await reader.readline() == f"{number}\n".encode()
        writer.close()
        await writer.wait_closed()
        server.close()
        await server.wait_closed()
        return loop.time()

    assert loop.run_until_complete(talk()) == 0


def test_the_clock_stands_while_a_thread_works(loop: VirtualTime) -> None:
    async def work() -> float:
        async with asyncio.timeout(HOUR):
            await asyncio.to_thread(sum, range(10**6))
        return loop.time()

    assert loop.run_until_complete(work()) == 0


def test_after_a_thread_has_failed_the_clock_goes_on(loop: VirtualTime) -> None:
    async def work() -> None:
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(divmod, 1, 0)
        await asyncio.sleep(HOUR)

    loop.run_until_complete(work())

    assert loop.time() == HOUR


def test_waiting_until_a_time_that_is_past_takes_none(loop: VirtualTime) -> None:
    loop.wait_until(HOUR)
    loop.wait_until(60)

    assert loop.time() == HOUR


def test_the_wall_clock_goes_as_the_loop_does(loop: VirtualTime) -> None:
    now = loop.clock(datetime(2026, 11, 2, 9, tzinfo=UTC))

    loop.wait_until(HOUR)

    assert now() == datetime(2026, 11, 2, 10, tzinfo=UTC)


def test_what_is_sent_is_sent_in_this_loop(loop: VirtualTime) -> None:
    event_loops.run(asyncio.sleep(HOUR))

    assert loop.time() == HOUR


def test_a_loop_in_which_nothing_can_happen_says_so(
    loop: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.001)

    async def wait_for_nobody() -> None:
        await asyncio.Event().wait()

    with pytest.raises(RuntimeError, match="nothing happens any more"):
        loop.run_until_complete(wait_for_nobody())


def test_an_error_that_nobody_handles_is_raised_at_the_end() -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        fail_after_an_hour()


def fail_after_an_hour() -> None:
    with virtual_time() as loop:
        loop.call_later(HOUR, divmod, 1, 0)
        loop.wait_until(HOUR)
