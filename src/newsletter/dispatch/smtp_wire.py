"""One connection to a server: bytes out, replies in, and the step up to TLS."""

from __future__ import annotations

import asyncio
import select
import ssl
from typing import cast

from newsletter.dispatch.smtp_deadline import Deadline
from newsletter.dispatch.smtp_replies import Reply
from newsletter.dispatch.smtp_reply_reader import ReplyReader
from newsletter.dispatch.smtp_tls import TlsLayer

_LOST = "The connection was lost"
_SILENT = "No answer came within"
_STUCK = "The server stopped taking bytes for"
_ROOM = 16 * 1024
"""Octets that are taken in at once: as many as one record of TLS has, and no answer. Where asyncio
makes the room, it makes 256 KB of it each time, which costs more than all else about an answer."""


class ConversationBroken(Exception):
    """The conversation cannot go on: lost, too slow, or not SMTP.

    `reason` begins a sentence that others end: "The connection was lost".
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SmtpWire(asyncio.BufferedProtocol):
    """One connection to a server, and what it said that nobody has read yet.

    A protocol of our own and not asyncio's streams, since a message costs no more than a few
    system calls, and since it has to be known what the system has taken and whether the server
    has spoken out of turn (S8, RFC 3207 s4.2).
    """

    _transport: asyncio.Transport  # there from `connection_made` on, before anyone gets the wire

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._reader = ReplyReader()
        self._tls: TlsLayer | None = None
        self._tls_error: ssl.SSLError | None = None
        self._fault: str | None = None
        self._news: asyncio.Future[None] = self._loop.create_future()
        self._allowed = _SILENT, 0.0
        self._deadline = Deadline(self._give_up)
        self._gone = self._loop.create_future()
        self._arrivals = select.poll()
        self._room = memoryview(bytearray(_ROOM))

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._transport = cast("asyncio.Transport", transport)
        # With no room to keep bytes back, we are told as soon as the system has them all.
        self._transport.set_write_buffer_limits(high=0)
        self._arrivals.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the next words of the server may lie."""
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        """The server spoke: so many octets lie there."""
        data = bytes(self._room[:nbytes])
        if self._tls is not None:
            data = self._decrypted(self._tls, data)
        self._reader.feed(data)
        if self._reader.fault is not None:
            self._end(self._reader.fault)
            self._transport.abort()
        self._tell()

    def eof_received(self) -> bool:
        """The server closed its side; what it said before can still be read."""
        self._end(_LOST)
        return False

    def connection_lost(self, error: Exception | None) -> None:
        """The connection is gone."""
        self._end(_LOST)
        self._deadline.stop()
        self._gone.set_result(None)

    def resume_writing(self) -> None:
        """The system has taken all bytes."""
        self._tell()

    # What a conversation calls.

    @property
    def is_quiet(self) -> bool:
        """Whether the connection stands and the server has said nothing that was not read."""
        return self._reader.is_empty and not self._is_lost

    @property
    def has_hung_up(self) -> bool:
        """Whether the connection is gone, and not for what the server said or for our patience."""
        return self._is_lost and self._fault in (None, _LOST)

    @property
    def local_address(self) -> str:
        """Our own IP address on this connection."""
        return str(self._transport.get_extra_info("sockname")[0])

    async def listen(self) -> None:
        """Takes in what has arrived by now, so that `is_quiet` tells the truth."""
        if self._arrivals.poll(0):
            # The loop looks at the connection in its next turn, and tells us in the one after.
            await asyncio.sleep(0)
            await asyncio.sleep(0)

    async def check_quiet(self) -> None:
        """Raises ConversationBroken when the server has hung up, or spoken out of turn."""
        await self.listen()
        self._check_undisturbed()

    def write(self, data: bytes | memoryview) -> None:
        """Hands `data` to the system, or keeps what it does not take; see `taken`.

        Raises ConversationBroken when the connection was lost before: nothing is written then.
        What is lost from here on shows at the next step: the server may have answered before it
        hung up, and that answer is still to be read.
        """
        if self._is_lost:
            raise ConversationBroken(self._fault or _LOST)
        self._transport.write(data if self._tls is None else self._tls.encrypted(data))

    async def taken(self, seconds: float) -> None:
        """Waits until the system has all that was written.

        Raises ConversationBroken when it has not within `seconds`, when the connection is lost, or
        when the server speaks meanwhile: it has no say before the end.
        """
        while self._transport.get_write_buffer_size() and self.is_quiet:
            self._allow(seconds, _STUCK)
            try:
                await self._next_news()
            finally:
                self._deadline.clear()
        self._check_undisturbed()

    async def reply(self, seconds: float) -> Reply:
        """The next reply; raises ConversationBroken when it has not come whole in so many seconds,
        however often the server says a bit of it."""
        replies = self._reader.replies
        if not replies:
            self._allow(seconds, _SILENT)
            try:
                while not replies:
                    if self._fault is not None:
                        raise ConversationBroken(self._fault)
                    await self._next_news()
            finally:
                self._deadline.clear()
        return replies.popleft()

    async def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Goes on under TLS, with a server that proves to be `host`.

        Raises ssl.SSLError or another OSError when it does not.
        """
        if not self._reader.is_empty:
            # It may be an attacker's word, and must not be taken for an answer given under TLS
            # (RFC 3207 s4.2; CVE-2011-0411).
            raise ssl.SSLError("the server said something in the clear")
        self._tls = TlsLayer(context, host)
        self._tls.shake_hands()
        self._transport.write(self._tls.own_words())
        while not self._tls.is_established:
            if self._fault is not None:
                raise self._tls_error or ConnectionResetError
            await self._next_news()

    def abort(self) -> None:
        """Drops the connection at once."""
        self._end(_LOST)
        self._transport.abort()

    async def closed(self) -> None:
        """Waits until an aborted connection is gone, so that no socket outlives its loop."""
        await asyncio.shield(self._gone)

    @property
    def _is_lost(self) -> bool:
        # A failed write closes the transport at once, and tells us so only later.
        return self._fault is not None or self._transport.is_closing()

    def _check_undisturbed(self) -> None:
        if not self.is_quiet:
            raise ConversationBroken(self._interruption())

    def _interruption(self) -> str:
        if self._reader.replies:
            return f"The server spoke out of turn ({self._reader.replies[0].says})"
        return self._fault or (_LOST if self._is_lost else "The server spoke out of turn")

    def _decrypted(self, tls: TlsLayer, data: bytes) -> bytes:
        try:
            words = tls.decrypted(data)
        except ssl.SSLError as error:
            self._tls_error = error
            self._end("TLS failed")
            words = b""
        if warning := tls.own_words():
            self._transport.write(warning)
        if tls.is_over:
            self._end(_LOST)
        return words

    def _allow(self, seconds: float, complaint: str) -> None:
        self._allowed = complaint, seconds
        self._deadline.set(seconds)

    def _next_news(self) -> asyncio.Future[None]:
        self._news = self._loop.create_future()
        return self._news

    def _tell(self) -> None:
        if not self._news.done():
            self._news.set_result(None)

    def _give_up(self) -> None:
        complaint, seconds = self._allowed
        self._end(f"{complaint} {seconds:g} seconds")

    def _end(self, fault: str) -> None:
        self._fault = self._fault or fault
        self._tell()
