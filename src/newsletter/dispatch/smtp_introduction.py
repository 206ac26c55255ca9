"""MAIL, RCPT and DATA: from whom and to whom, and whether the content may come."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.dispatch.smtp_capabilities import Capabilities
from newsletter.dispatch.smtp_conversation import Timeouts
from newsletter.dispatch.smtp_replies import Phase, Reply
from newsletter.dispatch.smtp_wire import ConversationBroken, SmtpWire
from newsletter.domain.deliveries import Envelope

_PHASES = (Phase.SENDER, Phase.RECIPIENT, Phase.DATA)
_LONE_DOT = b".\r\n"
_RESET = b"RSET\r\n"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The step at which the server refused a message, and its words; `is_in_step` says whether
    another message may follow on the same connection."""

    phase: Phase
    reply: Reply
    is_in_step: bool


class Introductions:
    """Introduces messages to a server: in one write where it takes groups of commands (RFC 2920),
    else one command after the other.

    Never writes content: what is refused here, nobody can have.
    """

    def __init__(self, wire: SmtpWire, capabilities: Capabilities, timeouts: Timeouts) -> None:
        self._wire = wire
        self._capabilities = capabilities
        self._patience = timeouts.command
        self._seconds = (timeouts.command, timeouts.command, timeouts.data)
        self._replies: list[Reply] = []

    @property
    def is_unheard(self) -> bool:
        """Whether the server has answered nothing yet to the message that is introduced."""
        return not self._replies

    async def introduce(self, envelope: Envelope, message: bytes) -> Refusal | None:
        """Gives what the server refused first; None when it waits for the content.

        Raises ConversationBroken when it is lost before it has refused anything.
        """
        commands = (
            f"MAIL FROM:<{envelope.sender}>{self._capabilities.parameters(envelope, message)}\r\n",
            f"RCPT TO:<{envelope.recipient}>\r\n",
            "DATA\r\n",
        )
        if self._capabilities.takes_groups:
            replies = await self._say_at_once(commands)
        else:
            replies = await self._say_in_turn(commands)
        for phase, reply in zip(_PHASES, replies, strict=False):
            if not reply.grants(phase):
                return Refusal(phase, reply, await self._start_over(replies))
        return None

    async def _say_at_once(self, commands: tuple[str, ...]) -> list[Reply]:
        """The replies that came: all of them, or those up to a loss if one refuses."""
        replies = self._replies = []
        self._wire.write("".join(commands).encode())
        try:
            for seconds in self._seconds:
                replies.append(await self._wire.reply(seconds))
        except ConversationBroken:
            if _all_granted(replies):
                raise
        return replies

    async def _say_in_turn(self, commands: tuple[str, ...]) -> list[Reply]:
        """The replies up to the first refusal."""
        replies = self._replies = []
        for command, seconds in zip(commands, self._seconds, strict=True):
            await self._wire.check_quiet()
            self._wire.write(command.encode())
            replies.append(await self._wire.reply(seconds))
            if not _all_granted(replies):
                break
        return replies

    async def _start_over(self, replies: list[Reply]) -> bool:
        """After a refusal: makes the server ready for the next message; False when it cannot."""
        says = _way_out(replies)
        if says is None:
            return False
        try:
            await self._wire.check_quiet()
            self._wire.write(says)
            reply = await self._wire.reply(self._patience)
        except ConversationBroken:
            return False  # this message is refused all the same; the next gets a new connection
        return reply.is_positive or (says is _LONE_DOT and reply.leaves_us_in_step)


def _way_out(replies: list[Reply]) -> bytes | None:
    """What to say after a refusal, so that another message may follow; None when nothing helps."""
    answers = list(zip(_PHASES, replies, strict=False))
    if not all(reply.grants(phase) or reply.leaves_us_in_step for phase, reply in answers):
        return None
    if not answers[-1][1].grants(Phase.DATA):
        return _RESET
    # The server waits for content although it refused the recipient: it gets none (RFC 2920 s3.1).
    # If it was the sender that it refused, somebody might get a message without a word in it.
    return None if replies[1].is_positive else _LONE_DOT


def _all_granted(replies: list[Reply]) -> bool:
    return all(reply.grants(phase) for phase, reply in zip(_PHASES, replies, strict=False))
