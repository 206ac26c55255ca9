"""A connection without a server: a test plays what the system and the server do."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from newsletter.dispatch.smtp_wire import SmtpWire


def say_to(wire: SmtpWire, words: bytes) -> None:
    """Says something to the wire, as asyncio does when a server has spoken."""
    while words:
        room = wire.get_buffer(-1)
        taken = words[: len(room)]
        room[: len(taken)] = taken
        wire.buffer_updated(len(taken))
        words = words[len(taken) :]


class FakeTransport(asyncio.Transport):
    """Takes what is written, and lets `on_write` play the server; `kept` octets of it are still
    waiting for the system."""

    def __init__(self, end: socket.socket, server: socket.socket) -> None:
        super().__init__({"socket": end})
        self._server = server
        self._wire: SmtpWire | None = None
        self.on_write: Callable[[], None] = lambda: None
        self.written: list[bytes] = []
        self.kept = 0
        self.has_closed = False

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        assert isinstance(protocol, SmtpWire)
        self._wire = protocol
        protocol.connection_made(self)

    def arrive(self, words: bytes) -> None:
        """What the server says lies in the system; the loop tells of it when it has its turn."""
        assert self._wire is not None
        self._server.send(words)
        asyncio.get_running_loop().call_soon(say_to, self._wire, words)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def get_write_buffer_size(self) -> int:
        return self.kept

    def is_closing(self) -> bool:
        return self.has_closed

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))
        self.on_write()

    def abort(self) -> None:
        self.has_closed = True


@contextmanager
def a_wire() -> Iterator[tuple[SmtpWire, FakeTransport]]:
    """A wire, and the transport that it writes to."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire, transport = SmtpWire(), FakeTransport(ours, theirs)
        transport.set_protocol(wire)
        yield wire, transport
