"""Connections lost while the content goes out, and between the content and its dot.

Until the dot is out nobody can have the message, so that whatever is lost is deferred (S8).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace

import pytest

from newsletter.dispatch.smtp_conversation import Timeouts
from newsletter.domain.deliveries import Outcome
from tests.handing_over import (
    ACCEPTED,
    ANN,
    BOB,
    DEFERRED,
    MESSAGE,
    PATIENT,
    handed_over,
    transport,
)
from tests.scripted_smtp import GO_ON, GROUPS, HELLO, KEPT, OK, scripted_server

CONTENT = (b"", b"", b"")
"""The answers to the three lines of MESSAGE."""

# While the content is written.

BIG = b"A line of some length that goes nowhere\r\n" * 400_000


def outcome_of_reader(
    serve: Callable[[socket.socket], Awaitable[None]], timeouts: Timeouts
) -> Outcome:
    """What BIG comes to at a server that takes in little at a time: after 354, `serve` has it."""

    async def converse(listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        connection, _ = await loop.sock_accept(listener)
        with connection:
            for answer in (HELLO, GROUPS, OK + OK + GO_ON):
                await loop.sock_sendall(connection, answer)
                await loop.sock_recv(connection, 1000)
            await serve(connection)

    async def hand_over() -> Outcome:
        with closing(socket.socket()) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            listener.setblocking(False)
            serving = asyncio.create_task(converse(listener))
            to = transport(f"smtp://127.0.0.1:{listener.getsockname()[1]}", timeouts)
            outcome = await to.begin(ANN, BIG)
            serving.cancel()
            await to.close()
        assert outcome is not None
        return outcome

    return asyncio.run(hand_over())


def test_a_server_that_hangs_up_in_the_middle_of_the_content_leaves_no_doubt() -> None:
    """S8: deferred, and not unknown."""

    async def hang_up(_: socket.socket) -> None:
        """Closing is all it does."""

    outcome = outcome_of_reader(hang_up, PATIENT)

    assert outcome.state is DEFERRED
    assert outcome.reply == "The connection was lost before the whole message had gone out."


def test_a_server_that_refuses_in_the_middle_of_the_content_is_quoted() -> None:
    async def refuse(connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(connection, b"552 5.3.4 Too big\r\n")
        await asyncio.Event().wait()

    outcome = outcome_of_reader(refuse, PATIENT)

    assert outcome.state is DEFERRED
    assert outcome.reply.startswith("The server spoke out of turn (552 5.3.4 Too big) before")


def test_a_server_that_stops_reading_the_content_is_given_up() -> None:
    """S6: three minutes for a block by the standard, less here."""

    async def stop_reading(_: socket.socket) -> None:
        await asyncio.Event().wait()

    outcome = outcome_of_reader(stop_reading, replace(PATIENT, block=0.05))

    assert outcome.state is DEFERRED
    assert outcome.reply.startswith("The server stopped taking bytes for 0.05 seconds before")


# Between the content and its dot.


def story_of_begun(
    last: bytes, *, hangs_up: bool = False, finishes: bool = True
) -> tuple[Outcome | None, list[bytes]]:
    """Begins a message, lets the server say `last` to the content, and goes on."""

    async def begin_and_wait() -> tuple[Outcome | None, list[bytes]]:
        answers = (HELLO, GROUPS, OK, OK, GO_ON, b"", b"", last)
        async with scripted_server(*answers, hangs_up=hangs_up) as script:
            to = transport(script.url)
            assert await to.begin(ANN, MESSAGE) is None
            while len(script.heard) < 7:
                await asyncio.sleep(0)
            if hangs_up:
                await script.is_over.wait()
            outcome = await to.finish() if finishes else None
            await to.close()
            await script.is_over.wait()
        return outcome, script.heard

    return asyncio.run(begin_and_wait())


def test_a_word_out_of_turn_keeps_the_dot_back() -> None:
    """S8: the server has no say before the dot, and nobody can have the message."""
    outcome, heard = story_of_begun(b"421 4.3.2 Going down\r\n")

    assert outcome is not None
    assert outcome.state is DEFERRED
    assert "out of turn (421 4.3.2 Going down) before" in outcome.reply
    assert heard[-1] == b"Bore da.\r\n"


def test_a_server_that_hung_up_gets_no_dot() -> None:
    outcome, heard = story_of_begun(b"", hangs_up=True)

    assert outcome is not None
    assert outcome.state is DEFERRED
    assert heard[-1] == b"Bore da.\r\n"


def test_a_message_that_is_not_finished_is_never_whole() -> None:
    """S14: neither a dot nor QUIT, which would be a line of the message."""
    _, heard = story_of_begun(b"", finishes=False)

    assert heard[-1] == b"Bore da.\r\n"


def test_the_next_message_does_not_finish_the_one_before() -> None:
    async def begin_twice() -> tuple[Outcome, list[bytes]]:
        answers = (HELLO, GROUPS, OK, OK, GO_ON, *CONTENT, KEPT, b"221 Bye\r\n")
        async with scripted_server(*answers) as script:
            to = transport(script.url)
            assert await to.begin(BOB, MESSAGE) is None
            outcome = await handed_over(to, ANN, MESSAGE)
            await to.close()
        return outcome, script.heard

    outcome, heard = asyncio.run(begin_twice())

    assert outcome.state is ACCEPTED
    assert heard.count(b".\r\n") == 1


def test_nothing_is_finished_that_was_not_begun() -> None:
    async def finish_out_of_the_blue() -> None:
        async with scripted_server(HELLO, GROUPS, b"221 Bye\r\n") as script:
            to = transport(script.url)
            await to.open()
            try:
                await to.finish()
            finally:
                await to.close()

    with pytest.raises(RuntimeError, match="no message was begun"):
        asyncio.run(finish_out_of_the_blue())
