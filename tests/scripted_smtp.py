"""A server that says what it is told, line for line: for answers that no real server gives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import chain, repeat


@dataclass
class Script:
    """`answers` go out one by one: the first at once, each other after a line has come in; an
    empty one says nothing. `hangs_up` closes the connection after the last. `heard` are the lines
    that came in, all of them once `is_over`."""

    answers: Sequence[bytes]
    hangs_up: bool = False
    port: int = 0
    heard: list[bytes] = field(default_factory=list)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(self.answers[0])
            silence = () if self.hangs_up else repeat(b"")
            for answer in chain(self.answers[1:], silence):
                line = await reader.readline()
                if not line:
                    break
                self.heard.append(line)
                writer.write(answer)
        except ConnectionError:
            pass  # the client has had enough, as many a test wants it to
        finally:
            writer.close()
            self.is_over.set()


@asynccontextmanager
async def scripted_server(*answers: bytes, hangs_up: bool = False) -> AsyncIterator[Script]:
    """A server on a free loopback port, in the loop of the test."""
    script = Script(answers, hangs_up)
    server = await asyncio.start_server(script.play, "127.0.0.1", 0)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
        await server.wait_closed()
