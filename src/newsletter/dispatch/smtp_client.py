"""Handing over messages, one after the other, in an open conversation."""

from __future__ import annotations

import asyncio

from newsletter.dispatch.smtp_capabilities import Capabilities
from newsletter.dispatch.smtp_content import as_content
from newsletter.dispatch.smtp_conversation import Conversation, Timeouts
from newsletter.dispatch.smtp_introduction import Introductions
from newsletter.dispatch.smtp_replies import Phase, broken_off, outcome
from newsletter.dispatch.smtp_wire import ConversationBroken
from newsletter.domain.deliveries import DeliveryState, Envelope, Outcome

MESSAGES_PER_CONNECTION = 50
"""After this many a new connection is made, since many relays ask for it (S12)."""
IDLE_SECONDS = 60
"""After this long without a message a connection is not taken to be alive (S12)."""

_BLOCK = 64 * 1024
_DOT = b".\r\n"


class SmtpClient:
    """One conversation with a server that waits for mail."""

    def __init__(
        self, conversation: Conversation, capabilities: Capabilities, timeouts: Timeouts
    ) -> None:
        self._conversation = conversation
        self._wire = conversation.wire
        self._capabilities = capabilities
        self._introductions = Introductions(self._wire, capabilities, timeouts)
        self._timeouts = timeouts
        self._clock = asyncio.get_running_loop().time
        self._used_at = self._clock()
        self._is_in_step = True
        self._has_begun = False
        self._messages = 0

    async def is_ready(self) -> bool:
        """Whether another message may follow: in step, connected, nothing unread, not worn out."""
        if self._is_worn_out or not self._is_in_step:
            return False
        await self._wire.listen()
        return self._wire.is_quiet

    @property
    def was_gone(self) -> bool:
        """Whether the server had hung up before it answered anything to the message that was begun
        last: nobody can have that, and it may go over a new connection."""
        return self._introductions.is_unheard and self._wire.has_hung_up

    async def begin(self, envelope: Envelope, message: bytes) -> Outcome | None:
        """Hands over all of a message but its dot; None when the dot may follow.

        Never raises for a server's sake: whatever is lost here, nobody can have the message.
        """
        obstacle = self._capabilities.obstacle(envelope, message)
        if obstacle is not None:
            return Outcome(DeliveryState.FAILED, None, None, obstacle)
        self._messages += 1
        self._is_in_step = False
        try:
            return await self._begin(envelope, message)
        except ConversationBroken as broken:
            return broken_off(broken.reason, is_dot_out=False)

    async def finish(self) -> Outcome:
        """Sends the dot, and says what came of the message; never raises for a server's sake."""
        if not self._has_begun:
            raise RuntimeError("finish, but no message was begun")
        self._has_begun = False
        try:
            await self._wire.check_quiet()
            self._wire.write(_DOT)
        except ConversationBroken as broken:
            return broken_off(broken.reason, is_dot_out=False)
        return await self._answer_to_dot()

    async def quit(self) -> None:
        """Ends the conversation: in words where the server still listens.

        Not after a message that broke off, was cancelled or was not finished: there QUIT might be
        read as a line of the message.
        """
        try:
            if self._is_in_step:
                await self._conversation.command("QUIT", self._timeouts.quit)
        except ConversationBroken:
            pass  # it was the last word anyhow
        finally:
            self._wire.abort()
        await self._wire.closed()

    @property
    def _is_worn_out(self) -> bool:
        return (
            self._messages >= MESSAGES_PER_CONNECTION
            or self._clock() - self._used_at >= IDLE_SECONDS
        )

    async def _begin(self, envelope: Envelope, message: bytes) -> Outcome | None:
        refusal = await self._introductions.introduce(envelope, message)
        if refusal is not None:
            self._is_in_step = refusal.is_in_step
            self._used_at = self._clock()
            return outcome(refusal.phase, refusal.reply)
        await self._write(as_content(message))
        self._has_begun = True
        return None

    async def _write(self, content: bytes) -> None:
        # Block by block only when it is long, for each block has its time (S6).
        view = content if len(content) <= _BLOCK else memoryview(content)
        for start in range(0, len(view), _BLOCK):
            self._wire.write(view[start : start + _BLOCK])
            await self._wire.taken(self._timeouts.block)
        await self._wire.check_quiet()

    async def _answer_to_dot(self) -> Outcome:
        # From here on only the server knows what became of the message (S8).
        try:
            reply = await self._wire.reply(self._timeouts.final_dot)
        except ConversationBroken as broken:
            return broken_off(broken.reason, is_dot_out=True)
        self._is_in_step = reply.is_positive or reply.leaves_us_in_step
        self._used_at = self._clock()
        return outcome(Phase.MESSAGE, reply)
