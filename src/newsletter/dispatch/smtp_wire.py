"""The bytes of a conversation: lines in, blocks out, and the step up to TLS."""

from __future__ import annotations

import asyncio
import ssl
from typing import cast

_LINE_CAP = 2048
"""Longest reply line that is read, in octets; RFC 5321 s4.5.3.1.5 allows 512."""
_BUFFER_CAP = 256 * 1024


class ConversationBroken(Exception):
    """The conversation cannot go on: lost, too slow, or not SMTP.

    `reason` begins a sentence that others end: "The connection was lost".
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SmtpWire(asyncio.Protocol):
    """One connection to a server.

    A protocol of our own and not asyncio's streams, since these have no way to empty their buffer
    before STARTTLS (RFC 3207 s4.2), nor to see that a server has spoken out of turn.
    """

    _transport: asyncio.Transport  # there from `connection_made` on, before anyone gets the wire

    def __init__(self) -> None:
        self._received = bytearray()
        self._is_over = False
        self._news = asyncio.Event()
        self._drained = asyncio.Event()
        self._lost = asyncio.Event()
        self._drained.set()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._use(cast("asyncio.Transport", transport))

    def data_received(self, data: bytes) -> None:
        """The server spoke."""
        self._received += data
        if len(self._received) > _BUFFER_CAP:
            self.abort()
        self._news.set()

    def eof_received(self) -> bool:
        """The server closed its side; what it said before can still be read."""
        self._end()
        return False

    def connection_lost(self, error: Exception | None) -> None:
        """The connection is gone."""
        self._end()
        self._lost.set()

    def pause_writing(self) -> None:
        """The system takes no more bytes for now."""
        self._drained.clear()

    def resume_writing(self) -> None:
        """The system has taken all bytes."""
        self._drained.set()

    # What a conversation calls.

    @property
    def is_quiet(self) -> bool:
        """Whether the connection stands and the server has said nothing that was not read."""
        return not self._received and not self._is_lost

    @property
    def local_address(self) -> str:
        """Our own IP address on this connection."""
        return str(self._transport.get_extra_info("sockname")[0])

    async def line(self) -> bytes:
        """The next line, without its line feed; raises ConversationBroken when none can come."""
        while (end := self._received.find(b"\n")) < 0:
            if len(self._received) > _LINE_CAP:
                raise ConversationBroken("The server's answer was too long")
            if self._is_over:
                raise ConversationBroken("The connection was lost")
            self._news.clear()
            await self._news.wait()
        if end > _LINE_CAP:
            raise ConversationBroken("The server's answer was too long")
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        return line

    async def write(self, data: bytes | memoryview) -> None:
        """Hands over `data` to the system, all of it; raises ConversationBroken if all is lost.

        What is lost from here on shows at the next step: the server may have answered before it
        hung up, and that answer is still to be read.
        """
        if self._is_lost:
            raise ConversationBroken("The connection was lost")
        self._transport.write(data)
        # A turn of the loop, or it could not tell us that the server spoke or hung up.
        await asyncio.sleep(0)
        await self._drained.wait()

    async def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Goes on under TLS, with a server that proves to be `host`.

        Raises ssl.SSLError or another OSError when it does not.
        """
        # Whatever came in the clear may be an attacker's, and must not be taken for an answer
        # given under TLS (RFC 3207 s4.2; CVE-2011-0411). The loop reads nothing more in the clear:
        # no other task runs between this line and the change of protocol.
        self._received.clear()
        upgraded = await asyncio.get_running_loop().start_tls(
            self._transport, self, context, server_hostname=host
        )
        if upgraded is None:
            raise ConnectionResetError
        self._use(upgraded)

    def abort(self) -> None:
        """Drops the connection at once."""
        self._end()
        self._transport.abort()

    async def closed(self) -> None:
        """Waits until an aborted connection is gone, so that no socket outlives its loop."""
        await self._lost.wait()

    @property
    def _is_lost(self) -> bool:
        # A failed write closes the transport at once, and tells us so only later.
        return self._is_over or self._transport.is_closing()

    def _use(self, transport: asyncio.Transport) -> None:
        # With no room to keep bytes back, `write` ends when the system has them: a server that
        # stops reading is noticed block by block, and a lost connection before the dot is written.
        # One octet and not none: to asyncio's TLS transport 0 is "always full", and it may never
        # resume.
        transport.set_write_buffer_limits(high=1, low=0)
        self._transport = transport

    def _end(self) -> None:
        self._is_over = True
        self._news.set()
        self._drained.set()
