"""A protocol that cuts off whoever keeps a connection without using it (slow loris).

uvicorn has a limit for the time between two requests, and none for the time within one.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from newsletter.web.headers import PAGE_HEADERS

_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER: what is not sent yet is thrown away, and the client told so (RST)."""


@dataclass(frozen=True, slots=True)
class ClientPatience:
    """How many seconds a client has, each time from its beginning: to send the `head` of a request,
    to send the `body` after it, and to take what is written to it."""

    head: float = 15.0
    body: float = 30.0
    taking: float = 30.0


class _Phase(Enum):
    """What a connection waits for."""

    HEAD = auto()
    BODY = auto()
    TAKING = auto()
    OURSELVES = auto()


class PatientProtocol(H11Protocol):
    """HTTP/1.1 with an end to patience; a subclass may have another `patience`."""

    patience = ClientPatience()

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*arguments, **options)
        self._phase = _Phase.OURSELVES
        self._is_full = False
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins to wait for a head."""
        super().connection_made(transport)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends all waiting."""
        super().connection_lost(exc)
        self._wait(_Phase.OURSELVES)

    def data_received(self, data: bytes) -> None:
        """Takes what came, which ends a wait only when all has come that was waited for."""
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """Begins to wait for the next head."""
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        """Begins to wait until the client takes what there is."""
        super().pause_writing()
        self._is_full = True
        self._look()

    def resume_writing(self) -> None:
        """Ends that wait."""
        super().resume_writing()
        self._is_full = False
        self._look()

    def send_400_response(self, msg: str) -> None:
        """Answers what is no HTTP at all, with the headers of every other page (X16)."""
        headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "Connection": "close",
            **PAGE_HEADERS,
        }
        head = h11.Response(status_code=400, headers=list(headers.items()), reason=b"Bad Request")
        for event in (head, h11.Data(data=f"{msg}\n".encode()), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _look(self) -> None:
        phase = self._what_for()
        # In the same phase the time goes on: a byte now and then gains nobody any.
        if phase is not self._phase:
            self._wait(phase)

    def _what_for(self) -> _Phase:
        if self.transport.is_closing():
            return _Phase.OURSELVES
        if self._is_full:
            return _Phase.TAKING
        if self.cycle is None or self.cycle.response_complete:
            return _Phase.HEAD
        return _Phase.BODY if self.cycle.more_body else _Phase.OURSELVES

    def _wait(self, phase: _Phase) -> None:
        if self._end is not None:
            self._end.cancel()
        self._phase = phase
        seconds = self._seconds(phase)
        self._end = self.loop.call_later(seconds, self._cut_off) if seconds else None

    def _cut_off(self) -> None:
        # Or else the system would keep for minutes what the client does not take.
        connection = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.transport.abort()

    def _seconds(self, phase: _Phase) -> float | None:
        return {
            _Phase.HEAD: self.patience.head,
            _Phase.BODY: self.patience.body,
            _Phase.TAKING: self.patience.taking,
        }.get(phase)


def patient_protocol(patience: ClientPatience) -> type[PatientProtocol]:
    """The protocol with this patience, as uvicorn takes it: a class."""
    return type("PatientProtocol", (PatientProtocol,), {"patience": patience})
