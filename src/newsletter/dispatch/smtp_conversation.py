"""Commands and replies, one after the other, each within its time."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.dispatch.smtp_replies import Reply
from newsletter.dispatch.smtp_wire import SmtpWire
from newsletter.domain.control_characters import CONTROL_CHARACTER


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
        # An answer to a question that was not asked would be taken for the next one's.
        await self.wire.check_quiet()
        self.wire.write(f"{line}\r\n".encode())
        return await self.wire.reply(seconds)
