"""A receiver whose own log is the judge of what was sent.

It writes a line for every message that it has whole, and syncs no sooner and answers no sooner than
that line is written: whatever our ledger says, who is in this log got the mail. At named phases of
the conversation it stops to call back, so that a sender can be killed right there.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.torture.receiver_log import ReceiverLog

_HOST = "127.0.0.1"
_PATIENCE = 10
"""Seconds after which a receiver that does not start or stop is a failed test."""
_PIECE = 2048
"""Octets that are read of a body before it is "in the middle"."""
_END = b"\r\n.\r\n"


class Phase(StrEnum):
    """Where a conversation is; of an answered command, before the answer to it."""

    GREETING = "before the greeting"
    EHLO = "EHLO"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA, before the 354"
    GO_AHEAD = "after the 354"
    BODY = "in the middle of the body"
    DOT = "dot seen, not logged"
    LOGGED = "logged, not answered"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a receiver behaves.

    `delay` are the seconds from the log's line to the 250. Whoever comes to `drops_at` loses the
    connection; to `silent_at`, keeps it, and nothing is ever said on it again; but only `one_in` so
    many of them. `bytewise` sends replies one octet at a time. `is_down` drops everybody.
    """

    delay: float = 0.0
    drops_at: Phase | None = None
    silent_at: Phase | None = None
    one_in: int = 1
    bytewise: bool = False
    is_down: bool = False


FAST = Manner()
SLOW = Manner(delay=0.02)
DOWN = Manner(is_down=True)


class Receiver:
    """Listens on a free loopback port for as long as the `with` block lasts."""

    def __init__(self, log: Path, manner: Manner = FAST) -> None:
        self.manner = manner
        self.log = ReceiverLog(log)
        self.most_open = 0
        self._passed: Counter[Phase] = Counter()
        self._open = 0
        self._traps: dict[tuple[Phase, int], Callable[[], None]] = {}
        self._lock = threading.Condition()
        # The protocol is named so that asyncio sets TCP_NODELAY.
        self._socket = socket.socket(proto=socket.IPPROTO_TCP)
        self._socket.bind((_HOST, 0))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        """The relay URL that leads here."""
        return f"smtp://{_HOST}:{self._socket.getsockname()[1]}"

    def trap(self, phase: Phase, number: int, action: Callable[[], None]) -> None:
        """Calls `action` once, when the phase is reached for the `number`-th time from now."""
        with self._lock:
            self._traps[phase, self._passed[phase] + number] = action

    def disarm(self) -> None:
        """Takes the traps away."""
        with self._lock:
            self._traps.clear()

    def passes(self, phase: Phase) -> int:
        """A conversation has come to this phase, for the so-manieth time of all."""
        with self._lock:
            self._passed[phase] += 1
            number = self._passed[phase]
            action = self._traps.pop((phase, number), None)
            if action is not None:  # under the lock, so that after `disarm` none is under way
                action()
        return number

    def settle(self) -> None:
        """Waits until all that the senders have left behind is read, and every connection gone."""
        with self._lock:
            assert self._lock.wait_for(lambda: not self._open, _PATIENCE)

    # Its life.

    def __enter__(self) -> Self:
        self._thread.start()
        self._in_loop(self._listen())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._in_loop(self._hang_up())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()
        self.log.close()

    def _in_loop(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, sock=self._socket)

    async def _hang_up(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._count(1)
        try:
            await _Session(self, reader, writer).talk()
        except (OSError, EOFError, asyncio.CancelledError):
            pass  # the client was killed, was dropped, or the receiver closes
        finally:
            writer.transport.abort()
            self._count(-1)

    def _count(self, change: int) -> None:
        with self._lock:
            self._open += change
            self.most_open = max(self.most_open, self._open)
            self._lock.notify_all()


class _Session:
    """One conversation, pipelined or not."""

    def __init__(
        self, receiver: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._receiver = receiver
        self._reader = reader
        self._writer = writer
        self._unread = bytearray()
        self._recipient = ""

    async def talk(self) -> None:
        """Serves the client until it says goodbye or is gone."""
        await self._reach(Phase.GREETING)
        await self._say("220 relay.example.org ESMTP")
        while (line := await self._line()) != "QUIT":
            await self._answer(line)
        await self._say("221 Goodbye")

    async def _answer(self, line: str) -> None:
        verb = line[:4].upper()
        if verb == "EHLO":
            await self._reach(Phase.EHLO)
            await self._say("250-relay.example.org\r\n250-8BITMIME\r\n250 PIPELINING")
        elif verb == "MAIL":
            await self._reach(Phase.MAIL)
            await self._say("250 2.1.0 Go on")
        elif verb == "RCPT":
            self._recipient = line.partition("<")[2].partition(">")[0]
            await self._reach(Phase.RCPT)
            await self._say("250 2.1.5 Go on")
        elif verb == "DATA":
            await self._take_message()
        else:  # RSET, NOOP
            await self._say("250 2.0.0 Yes")

    async def _take_message(self) -> None:
        await self._reach(Phase.DATA)
        await self._say("354 End with a dot")
        await self._reach(Phase.GO_AHEAD)
        content = await self._content()
        await self._reach(Phase.DOT)
        self._receiver.log.keep(self._recipient, content)
        await self._reach(Phase.LOGGED)
        if self._receiver.manner.delay:
            await asyncio.sleep(self._receiver.manner.delay)
        await self._say("250 2.0.0 Kept")
        await self._reach(Phase.ANSWERED)

    async def _content(self) -> bytes:
        while len(self._unread) < _PIECE and _END not in self._unread:
            await self._read(_PIECE)
        await self._reach(Phase.BODY)
        while (end := self._unread.find(_END)) < 0:
            await self._read(2**16)
        content = bytes(self._unread[:end])
        del self._unread[: end + len(_END)]
        return content

    async def _line(self) -> str:
        while (end := self._unread.find(b"\r\n")) < 0:
            await self._read(2**16)
        line = self._unread[:end].decode()
        del self._unread[: end + 2]
        return line

    async def _read(self, most: int) -> None:
        data = await self._reader.read(most)
        if not data:
            raise EOFError
        self._unread += data

    async def _say(self, reply: str) -> None:
        data = f"{reply}\r\n".encode()
        size = 1 if self._receiver.manner.bytewise else len(data)
        for start in range(0, len(data), size):
            self._writer.write(data[start : start + size])
            await self._writer.drain()
            await asyncio.sleep(0)

    async def _reach(self, phase: Phase) -> None:
        number = self._receiver.passes(phase)
        manner = self._receiver.manner
        is_chosen = number % manner.one_in == 0
        if manner.is_down or (manner.drops_at is phase and is_chosen):
            raise ConnectionAbortedError
        if manner.silent_at is phase and is_chosen:
            while True:
                await self._read(2**16)
                self._unread.clear()
