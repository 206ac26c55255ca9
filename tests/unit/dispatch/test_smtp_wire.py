"""One connection: what was said before the other side hung up still counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from newsletter.dispatch.smtp_conversation import Conversation
from newsletter.dispatch.smtp_wire import ConversationBroken, SmtpWire


class FakeTransport(asyncio.Transport):
    """Takes what is written, and lets `on_write` play the server."""

    def __init__(self, on_write: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.on_write = on_write
        self.written: list[bytes] = []
        self.has_closed = False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def is_closing(self) -> bool:
        return self.has_closed

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))
        self.on_write()

    def abort(self) -> None:
        self.has_closed = True


def a_wire() -> tuple[SmtpWire, FakeTransport]:
    wire, transport = SmtpWire(), FakeTransport()
    wire.connection_made(transport)
    return wire, transport


def test_an_answer_given_before_hanging_up_is_heard() -> None:
    """S8: a 250 to the final dot that is lost here would leave the delivery unknown."""

    async def write_and_hear() -> bytes:
        wire, transport = a_wire()

        def answer_and_hang_up() -> None:
            wire.data_received(b"250 Kept\r\n")
            wire.eof_received()

        transport.on_write = answer_and_hang_up
        await wire.write(b".\r\n")
        return await wire.line()

    assert asyncio.run(write_and_hear()) == b"250 Kept\r"


@pytest.mark.parametrize("is_told", [True, False])
def test_nothing_more_is_written_to_a_connection_that_is_gone(is_told: bool) -> None:
    """asyncio closes the transport at once after a failed write, and tells the protocol later."""

    async def write_twice() -> list[bytes]:
        wire, transport = a_wire()
        transport.on_write = lambda: wire.connection_lost(None) if is_told else transport.abort()
        await wire.write(b"one block")
        with pytest.raises(ConversationBroken, match="The connection was lost"):
            await wire.write(b"another")
        return transport.written

    assert asyncio.run(write_twice()) == [b"one block"]


def test_each_write_lets_the_server_get_a_word_in() -> None:
    """S8: what is said against a message while it is written shows before the dot goes out."""

    async def write_and_listen() -> bool:
        wire, transport = a_wire()
        loop = asyncio.get_running_loop()
        transport.on_write = lambda: loop.call_soon(wire.data_received, b"421 Going") and None
        await wire.write(b"one block")
        return wire.is_quiet

    assert asyncio.run(write_and_listen()) is False


def test_a_write_waits_until_the_system_has_it_all() -> None:
    """S6: the time for a block runs until the block is gone."""

    async def write_slowly() -> list[str]:
        wire, transport = a_wire()
        transport.on_write = wire.pause_writing
        writing = asyncio.create_task(wire.write(b"one block"))
        story = []
        while not transport.written:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        story.append("waits" if not writing.done() else "done")
        wire.resume_writing()
        await writing
        return [*story, "done"]

    assert asyncio.run(write_slowly()) == ["waits", "done"]


def test_a_flood_ends_the_connection() -> None:
    wire, transport = a_wire()

    wire.data_received(b"220-x\r\n" * 50_000)

    assert transport.has_closed


@pytest.mark.parametrize("injected", ["\r\nDATA", "\n", "\r", "\0", "\x85", "\u2028"])
def test_a_command_with_a_control_character_is_never_written(injected: str) -> None:
    """M12: a line end in an address would be a second command."""

    async def inject() -> list[bytes]:
        wire, transport = a_wire()
        with pytest.raises(ValueError, match="control character"):
            await Conversation(wire).command(f"RCPT TO:<ann@example.org{injected}>", 1)
        return transport.written

    assert asyncio.run(inject()) == []
