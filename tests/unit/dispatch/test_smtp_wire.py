"""One connection: what was said before the other side hung up still counts."""

from __future__ import annotations

import asyncio

import pytest

from newsletter.dispatch.smtp_wire import ConversationBroken, SmtpWire


class AnsweringTransport(asyncio.Transport):
    """Stands for a server that answers each write at once, and hangs up with the answer."""

    def __init__(self, wire: SmtpWire, answer: bytes) -> None:
        super().__init__()
        self._wire = wire
        self._answer = answer

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def is_closing(self) -> bool:
        return False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._wire.data_received(self._answer)
        self._wire.eof_received()


def test_an_answer_given_before_hanging_up_is_heard() -> None:
    """S8: a 250 to the final dot that is lost here would leave the delivery unknown."""

    async def write_and_hear() -> bytes:
        wire = SmtpWire()
        wire.connection_made(AnsweringTransport(wire, b"250 Kept\r\n"))
        await wire.write(b".\r\n")
        return await wire.line()

    assert asyncio.run(write_and_hear()) == b"250 Kept\r"


def test_nothing_more_is_written_after_the_server_hung_up() -> None:
    async def write_twice() -> None:
        wire = SmtpWire()
        wire.connection_made(AnsweringTransport(wire, b""))
        await wire.write(b"one block")
        await wire.write(b"another")

    with pytest.raises(ConversationBroken, match="The connection was lost"):
        asyncio.run(write_twice())
