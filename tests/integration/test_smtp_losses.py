"""Connections lost while the content goes out, before its dot and after it, and between messages.

Until the dot is out nobody can have the message, so that whatever is lost is deferred; from then on
it is unknown (S1, S8).
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
from newsletter.domain.errors import RelayUnreachable
from tests.handing_over import (
    ACCEPTED,
    ANN,
    BOB,
    DEFERRED,
    MESSAGE,
    PATIENT,
    UNKNOWN,
    deliver,
    handed_over,
    states,
    transport,
)
from tests.scripted_smtp import GO_ON, GROUPS, HELLO, KEPT, OK, scripted_server
from tests.smtp_server import Misbehaviour, RecordingServer

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


# A real server: before the dot, after it, and between messages.


def test_a_connection_lost_before_the_reply_to_the_dot_is_unknown() -> None:
    """S8: the server has the message, and nobody told us."""
    with RecordingServer(Misbehaviour.DROP_BEFORE_REPLY) as server:
        outcomes = deliver(server, ANN)

    assert outcomes == [
        Outcome(
            UNKNOWN,
            None,
            None,
            "The connection was lost after the whole message had gone out;"
            " the server may have taken it.",
        )
    ]
    assert server.accepted_recipients == [ANN.recipient]


def test_a_reply_to_the_dot_that_is_not_smtp_is_unknown_and_ends_the_connection() -> None:
    """S8, S12."""
    with RecordingServer(Misbehaviour.GARBAGE_REPLY) as server:
        outcomes = deliver(server, ANN, BOB)

    assert states(outcomes) == [UNKNOWN, UNKNOWN]
    assert "was not SMTP" in outcomes[0].reply
    assert server.connections == 2


def test_no_reply_to_the_dot_in_time_is_unknown() -> None:
    """S6, S8."""
    with RecordingServer(Misbehaviour.SLOW_REPLY) as server:
        outcomes = deliver(server, ANN, timeouts=replace(PATIENT, final_dot=0.05))

    assert states(outcomes) == [UNKNOWN]
    assert outcomes[0].reply.startswith("No answer came within 0.05 seconds after")


def test_no_reply_to_rcpt_in_time_is_deferred() -> None:
    """S1, S6."""
    with RecordingServer(Misbehaviour.SLOW_RECIPIENT) as server:
        outcomes = deliver(server, ANN, timeouts=replace(PATIENT, command=1))

    assert states(outcomes) == [DEFERRED]
    assert outcomes[0].reply.startswith("No answer came within 1 seconds before")


def test_a_connection_lost_while_a_big_message_is_written_is_deferred() -> None:
    """S1, S8: the dot was never written, so that nobody can have the whole message."""
    big = b"A line of some length that goes nowhere\r\n" * 400_000

    with RecordingServer(Misbehaviour.DROP_AFTER_DATA) as server:
        outcomes = deliver(server, ANN, message=big)

    assert states(outcomes) == [DEFERRED]
    assert outcomes[0].reply.endswith("before the whole message had gone out.")


def test_a_connection_that_the_server_closed_between_messages_is_made_anew() -> None:
    with RecordingServer(Misbehaviour.HANG_UP_AFTER_FIRST_MESSAGE) as server:

        async def send_two() -> list[Outcome]:
            to = transport(server.url)
            first = await handed_over(to, ANN, MESSAGE)
            client = to._client
            while client is not None and await client.is_ready():
                await asyncio.sleep(0)  # until the loop has seen that the server hung up
            second = await handed_over(to, BOB, MESSAGE)
            await to.close()
            return [first, second]

        outcomes = asyncio.run(send_two())

    assert states(outcomes) == [ACCEPTED, ACCEPTED]
    assert server.connections == 2


def test_no_message_is_put_off_for_a_server_that_hangs_up_after_each() -> None:
    """Whether we have seen that it did, or find out when it does not answer."""
    with RecordingServer(Misbehaviour.HANG_UP_AFTER_FIRST_MESSAGE) as server:
        outcomes = deliver(server, *(ANN, BOB) * 10)

    assert states(outcomes) == [ACCEPTED] * 20
    assert server.connections == 20


def test_a_message_goes_over_a_new_connection_when_the_server_had_hung_up_unseen() -> None:
    async def begin_too_late() -> tuple[Outcome, int]:
        async with scripted_server(HELLO, GROUPS, b"", hangs_up=True) as script:
            to = transport(script.url)
            await to.open()
            script.answers = (HELLO, GROUPS, OK, OK, GO_ON, *CONTENT, KEPT, b"221 Bye\r\n")
            outcome = await handed_over(to, ANN, MESSAGE)
            await to.close()
        return outcome, script.connections

    outcome, connections = asyncio.run(begin_too_late())

    assert outcome.state is ACCEPTED
    assert connections == 2


@pytest.mark.parametrize(
    ("answers", "hangs_up", "connections"),
    [
        ((b"",), True, 2),  # it hangs up whenever a message comes: once is enough
        ((b"",), False, 1),  # it is silent, and might be so again
        ((OK, b""), True, 1),  # it had begun to answer
        ((b"Who?\r\n",), True, 1),  # it speaks no SMTP
    ],
)
def test_a_message_is_begun_anew_only_when_the_server_was_gone_and_only_once(
    answers: tuple[bytes, ...], hangs_up: bool, connections: int
) -> None:
    async def begin() -> tuple[Outcome, int]:
        async with scripted_server(HELLO, GROUPS, *answers, hangs_up=hangs_up) as script:
            to = transport(script.url, replace(PATIENT, command=5 if hangs_up else 0.05))
            outcome = await handed_over(to, ANN, MESSAGE)
            await to.close()
        return outcome, script.connections

    outcome, made = asyncio.run(begin())

    assert outcome.state is DEFERRED
    assert made == connections


def test_a_relay_that_went_away_is_told_before_the_next_message_begins() -> None:
    async def send_after_the_end() -> None:
        with RecordingServer() as server:
            to = transport(server.url)
            await handed_over(to, ANN, MESSAGE)
        try:
            while True:
                # The loop needs a turn or two to see that the server is gone.
                await to.open()
                await asyncio.sleep(0)
        finally:
            await to.close()

    with pytest.raises(RelayUnreachable) as caught:
        asyncio.run(send_after_the_end())

    assert "refused" in caught.value.what


def test_a_send_that_is_cancelled_leaves_no_word_in_the_message() -> None:
    """S14: whatever were written next would be read as a line of the message."""

    async def cancel() -> list[bytes]:
        async with scripted_server(HELLO, GROUPS, OK, OK, GO_ON) as script:
            to = transport(script.url)
            sending = asyncio.create_task(handed_over(to, ANN, MESSAGE))
            while b".\r\n" not in script.heard:
                await asyncio.sleep(0)
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
            await to.close()
            await script.is_over.wait()
        return script.heard

    assert asyncio.run(cancel())[-1] == b".\r\n"
