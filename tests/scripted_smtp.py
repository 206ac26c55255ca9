"""A server that says what it is told, line for line: for answers that no real server gives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Script:
    """`answers` go out one by one: the first at once, each other after a line has come in; an
    empty one says nothing. `hangs_up` closes the connection after the last."""

    answers: Sequence[bytes]
    hangs_up: bool = False
    port: int = 0
    heard: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for number, answer in enumerate(self.answers):
                if number > 0:
                    self.heard.append(await reader.readline())
                writer.write(answer)
                await writer.drain()
            if not self.hangs_up:
                while line := await reader.readline():
                    self.heard.append(line)
        except ConnectionError:
            pass  # the client has had enough, as many a test wants it to
        finally:
            writer.close()


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
