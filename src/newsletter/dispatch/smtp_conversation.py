"""Commands and replies, each within its time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from newsletter.dispatch.smtp_replies import Reply, ReplyLine, read_line, whole_reply
from newsletter.dispatch.smtp_wire import ConversationBroken, SmtpWire
from newsletter.domain.control_characters import CONTROL_CHARACTER

_MOST_LINES = 100


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long each step may take, in seconds: RFC 5321 s4.5.3.2 (S6).

    `final_dot` is the longest on purpose: to give up there is to risk a second copy.
    """

    connect: float = 60
    greeting: float = 5 * 60
    command: float = 5 * 60
    data: float = 2 * 60
    block: float = 3 * 60
    final_dot: float = 10 * 60
    quit: float = 10


class Conversation:
    """A wire on which one command follows one reply.

    Every method raises ConversationBroken when the server is lost, too slow, or does not speak
    SMTP.
    """

    def __init__(self, wire: SmtpWire) -> None:
        self.wire = wire

    async def command(self, line: str, seconds: float) -> Reply:
        """Sends one command and gives the reply.

        Raises ValueError, with nothing sent, when `line` holds a control character: a line end in
        an address would be a second command.
        """
        if CONTROL_CHARACTER.search(line):
            raise ValueError("a control character in an SMTP command")
        if not self.wire.is_quiet:
            # An answer to a question that was not asked would be taken for the next one's.
            raise ConversationBroken("The server hung up or spoke out of turn")
        await self.write(f"{line}\r\n".encode(), seconds)
        return await self.reply(seconds)

    async def write(self, data: bytes | memoryview, seconds: float) -> None:
        """Hands `data` over to the system, all of it."""
        async with _within(seconds, "The server stopped taking bytes for"):
            await self.wire.write(data)

    async def reply(self, seconds: float) -> Reply:
        """The next reply, whole."""
        async with _within(seconds, "No answer came within"):
            lines = [await self._line()]
            while not lines[-1].is_last:
                if len(lines) == _MOST_LINES:
                    raise ConversationBroken("The server's answer was too long")
                lines.append(await self._line())
        reply = whole_reply(lines)
        if reply is None:
            raise ConversationBroken("The server's answer contradicted itself")
        return reply

    async def _line(self) -> ReplyLine:
        line = read_line(await self.wire.line())
        if line is None:
            raise ConversationBroken("The server's answer was not SMTP")
        return line


@asynccontextmanager
async def _within(seconds: float, complaint: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise ConversationBroken(f"{complaint} {seconds:g} seconds") from error
