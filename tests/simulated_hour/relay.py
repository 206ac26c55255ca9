"""A relay that hands every command through to the receiver whose reader it is for, and every answer
back, and keeps nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.simulated_hour.receiver_log import Line, Step
from tests.simulated_hour.receivers import Receiver
from tests.simulated_hour.virtual_time import VirtualTime

_HOST = "127.0.0.1"
_OFFERS = "250-relay.example.org\r\n250-8BITMIME\r\n250 PIPELINING"
_LONGEST = 2**22
"""Octets of a message."""


@dataclass
class Relay:
    """Listens on a free loopback port, in the loop of the test. `arrivals` are the first lines of
    all visits by it, in order. One that is down drops everybody."""

    receivers: dict[str, Receiver]
    port: int = 0
    is_down: bool = False
    has_died: bool = False
    connections: int = 0
    arrivals: list[Line] = field(default_factory=list)
    _sessions: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        """The relay URL that leads here."""
        return f"smtp://{_HOST}:{self.port}"

    def note(self, receiver: Receiver, line: Line) -> None:
        """Writes into the receiver's log."""
        receiver.log.append(line)
        if line.step is Step.CAME:
            self.arrivals.append(line)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talks with a client until it is gone."""
        self.connections += 1
        session = _Session(self, f"{self.port}-{self.connections}", reader, writer)
        with self._counted():
            # The client is gone, was hung up on, or the hour is over.
            with suppress(OSError, EOFError, asyncio.CancelledError):
                await session.talk()
            session.end()
            with suppress(OSError):
                await writer.wait_closed()

    def die(self) -> None:
        """Drops everybody, in the midst of whatever they say, and whoever comes later."""
        self.is_down = self.has_died = True
        for task in self._sessions:
            task.cancel()

    def revive(self) -> None:
        """Takes mail again."""
        self.is_down = False

    @contextmanager
    def _counted(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None
        self._sessions.add(task)
        try:
            yield
        finally:
            self._sessions.discard(task)

    async def end(self) -> None:
        """Drops everybody, and waits until they are gone."""
        self.die()
        await asyncio.gather(*self._sessions, return_exceptions=True)


class _Session:
    """One conversation, in which commands may come in groups."""

    def __init__(
        self,
        relay: Relay,
        name: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._relay = relay
        self._name = name
        self._reader = reader
        self._writer = writer
        self._receiver: Receiver | None = None
        self._recipient = ""

    async def talk(self) -> None:
        """Serves the client until it says goodbye."""
        self._check_up()
        await self._say("220 relay.example.org ESMTP")
        while (line := await self._line()) != "QUIT":
            await self._answer(line)
        await self._say("221 2.0.0 Goodbye")

    def end(self) -> None:
        """The connection is gone."""
        if self._receiver is not None:
            self._note(Step.GONE, "")
        self._writer.transport.abort()

    async def _answer(self, line: str) -> None:
        verb = line[:4].upper()
        if verb == "EHLO":
            await self._say(_OFFERS)
        elif verb == "RCPT":
            await self._rcpt(line.partition("<")[2].partition(">")[0])
        elif verb == "DATA":
            await self._data()
        else:  # MAIL, RSET
            await self._say("250 2.0.0 Go on")

    async def _rcpt(self, recipient: str) -> None:
        self._recipient = recipient
        receiver = self._receiver = self._relay.receivers[recipient.rpartition("@")[2]]
        self._note(Step.CAME, "")
        at = self._now()
        await asyncio.sleep(receiver.rcpt_takes)
        await self._pass_on(receiver, Step.RCPT, receiver.to_rcpt(recipient, at))

    async def _data(self) -> None:
        if self._receiver is None:
            await self._say("503 5.5.1 For whom?")
            return
        receiver = self._receiver
        await self._say("354 End with a dot")
        await self._reader.readuntil(b"\r\n.\r\n")
        await asyncio.sleep(receiver.dot_takes)
        await self._pass_on(receiver, Step.DOT, receiver.to_dot(self._recipient, self._now()))

    async def _pass_on(self, receiver: Receiver, step: Step, said: str) -> None:
        self._note(step, said)
        if step is Step.DOT or not said.startswith("2"):
            self._receiver = None
        if not said:
            raise EOFError
        await self._say(said)
        if said.startswith("421"):
            raise EOFError

    def _note(self, step: Step, said: str) -> None:
        assert self._receiver is not None
        line = Line(self._now(), self._name, self._recipient, step, said)
        self._relay.note(self._receiver, line)

    def _now(self) -> float:
        # In parts of a second that floats add and subtract without a rest: 300 s are 300 s.
        return round(asyncio.get_running_loop().time() * 1024) / 1024

    async def _line(self) -> str:
        line = await self._reader.readuntil(b"\r\n")
        self._check_up()
        return line.decode().rstrip()

    def _check_up(self) -> None:
        if self._relay.is_down:
            raise EOFError

    async def _say(self, reply: str) -> None:
        self._writer.write(f"{reply}\r\n".encode())
        await self._writer.drain()


@contextmanager
def listening(receivers: Sequence[Receiver], loop: VirtualTime) -> Iterator[Relay]:
    """A relay to these receivers, for the block; it hears only while the loop runs."""
    relay = Relay({receiver.domain: receiver for receiver in receivers})
    server = loop.run_until_complete(asyncio.start_server(relay.serve, _HOST, 0, limit=_LONGEST))
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
        loop.run_until_complete(relay.end())
        loop.run_until_complete(server.wait_closed())
