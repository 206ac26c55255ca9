"""One connection: what was said before the other side hung up still counts."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest

from newsletter.dispatch.smtp_conversation import Conversation
from newsletter.dispatch.smtp_wire import ConversationBroken, SmtpWire
from tests.fake_wire import a_wire, say_to
from tests.moved_clock import MovedClock


def test_an_answer_given_before_hanging_up_is_heard() -> None:
    """S8: a 250 to the final dot that is lost here would leave the delivery unknown."""

    async def write_and_hear() -> int:
        with a_wire() as (wire, transport):

            def answer_and_hang_up() -> None:
                say_to(wire, b"250 Kept\r\n")
                wire.eof_received()

            transport.on_write = answer_and_hang_up
            wire.write(b".\r\n")
            return (await wire.reply(1)).code

    assert asyncio.run(write_and_hear()) == 250


@pytest.mark.parametrize("is_told", [True, False])
def test_nothing_more_is_written_to_a_connection_that_is_gone(is_told: bool) -> None:
    """asyncio closes the transport at once after a failed write, and tells the protocol later."""

    async def write_twice() -> list[bytes]:
        with a_wire() as (wire, transport):
            lose = lambda: wire.connection_lost(None)  # noqa: E731 - one of two ways
            transport.on_write = lose if is_told else transport.abort
            wire.write(b"one block")
            with pytest.raises(ConversationBroken, match="The connection was lost"):
                wire.write(b"another")
            return transport.written

    assert asyncio.run(write_twice()) == [b"one block"]


def test_a_server_that_dribbles_its_answer_has_no_more_time_than_others() -> None:
    """S6: else it could hold a connection for hours, a byte at a time."""

    async def hear() -> int:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, MovedClock)
        with a_wire() as (wire, _):
            waiting = asyncio.create_task(wire.reply(60))
            heard = 0
            while not waiting.done():
                await asyncio.sleep(0)
                say_to(wire, b"25"[heard % 2 :][:1])
                loop.ahead += 25
                heard += 1
            with pytest.raises(ConversationBroken, match="No answer came within 60 seconds"):
                await waiting
            return heard

    with asyncio.Runner(loop_factory=MovedClock) as runner:
        assert runner.run(hear()) <= 5


def test_what_the_system_has_not_taken_is_waited_for() -> None:
    """S6, S8: the time for a block runs until the block is gone."""

    async def write_slowly() -> list[str]:
        with a_wire() as (wire, transport):
            transport.kept = 7
            wire.write(b"a block")
            waiting = asyncio.create_task(wire.taken(60))
            await asyncio.sleep(0)
            story = ["waits" if not waiting.done() else "done"]
            transport.kept = 0
            wire.resume_writing()
            await waiting
            return [*story, "done"]

    assert asyncio.run(write_slowly()) == ["waits", "done"]


def test_a_server_that_stops_reading_is_given_up() -> None:
    """S6."""

    async def write_in_vain() -> None:
        with a_wire() as (wire, transport):
            transport.kept = 7
            wire.write(b"a block")
            await wire.taken(0.01)

    with pytest.raises(ConversationBroken, match=r"stopped taking bytes for 0\.01 seconds"):
        asyncio.run(write_in_vain())


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (lambda wire: say_to(wire, b"421 Going down\r\n"), "out of turn (421 Going down)"),
        (lambda wire: say_to(wire, b"42"), "The server spoke out of turn"),
        (lambda wire: wire.eof_received(), "The connection was lost"),
        (lambda wire: wire.connection_lost(None), "The connection was lost"),
    ],
)
def test_what_happens_while_the_system_takes_a_block_ends_the_conversation(
    event: Callable[[SmtpWire], object], reason: str
) -> None:
    """S8: before the dot a server has no say, and nobody can have the message."""

    async def write_and_be_interrupted() -> None:
        with a_wire() as (wire, transport):
            transport.kept = 7
            wire.write(b"a block")
            asyncio.get_running_loop().call_soon(event, wire)
            await wire.taken(60)

    with pytest.raises(ConversationBroken) as caught:
        asyncio.run(write_and_be_interrupted())

    assert caught.value.reason.endswith(reason)


def test_what_has_arrived_and_was_not_looked_at_is_seen() -> None:
    """S8: the loop may not have had its turn since the server spoke."""

    async def look() -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        loop = asyncio.get_running_loop()
        with listener:
            address = listener.getsockname()
            transport, wire = await loop.create_connection(SmtpWire, *address)
            server, _ = listener.accept()
        with server:
            await wire.check_quiet()
            server.sendall(b"421 Going down\r\n")
            with pytest.raises(ConversationBroken) as caught:
                await wire.check_quiet()
        transport.abort()
        await wire.closed()
        return caught.value.reason

    assert asyncio.run(look()) == "The server spoke out of turn (421 Going down)"


def test_a_flood_ends_the_connection() -> None:
    async def be_flooded() -> bool:
        with a_wire() as (wire, transport):
            say_to(wire, b"220-x\r\n" * 50_000)
            return transport.has_closed

    assert asyncio.run(be_flooded())


@pytest.mark.parametrize("injected", ["\r\nDATA", "\n", "\r", "\0", "\x85", "\u2028"])
def test_a_command_with_a_control_character_is_never_written(injected: str) -> None:
    """M12: a line end in an address would be a second command."""

    async def inject() -> list[bytes]:
        with a_wire() as (wire, transport):
            with pytest.raises(ValueError, match="control character"):
                await Conversation(wire).command(f"RCPT TO:<ann@example.org{injected}>", 1)
            return transport.written

    assert asyncio.run(inject()) == []
