"""A server that says what it is told, line for line: for answers that no real server gives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, repeat

HELLO = b"220 relay\r\n"
GROUPS = b"250-relay\r\n250 PIPELINING\r\n"
ONE_BY_ONE = b"250 relay\r\n"
OK, GO_ON, KEPT, NO = b"250 Go on\r\n", b"354 Go on\r\n", b"250 Kept\r\n", b"550 5.1.1 Who?\r\n"


@dataclass
class Script:
    """`answers` go out one by one: the first at once, each other after a line has come in; an
    empty one says nothing. `hangs_up` closes the connection after the last; `stutters` sends one
    octet at a time. `heard` are the lines that came in, all of them once `is_over`."""

    answers: Sequence[bytes]
    hangs_up: bool = False
    stutters: bool = False
    port: int = 0
    connections: int = 0
    heard: list[bytes] = field(default_factory=list)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._say(writer, self.answers[0])
            silence = () if self.hangs_up else repeat(b"")
            for answer in chain(self.answers[1:], silence):
                line = await reader.readline()
                if not line:
                    break
                self.heard.append(line)
                await self._say(writer, answer)
        except ConnectionError:
            pass  # the client has had enough, as many a test wants it to
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
            self.is_over.set()

    async def _say(self, writer: asyncio.StreamWriter, answer: bytes) -> None:
        size = 1 if self.stutters else len(answer) or 1
        for start in range(0, len(answer), size):
            writer.write(answer[start : start + size])
            # Two turns of the loop: it reads in one what it tells us of in the other.
            await asyncio.sleep(0)
            await asyncio.sleep(0)


@asynccontextmanager
async def scripted_server(
    *answers: bytes, hangs_up: bool = False, stutters: bool = False
) -> AsyncIterator[Script]:
    """A server on a free loopback port, in the loop of the test."""
    script = Script(answers, hangs_up, stutters)
    server = await asyncio.start_server(script.play, "127.0.0.1", 0)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
        await server.wait_closed()
