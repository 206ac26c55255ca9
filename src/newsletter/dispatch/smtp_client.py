"""Handing over messages, one after the other, in an open conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.dispatch.smtp_conversation import Conversation, Timeouts
from newsletter.dispatch.smtp_opening import Capabilities
from newsletter.dispatch.smtp_replies import Phase, Reply, broken_off, outcome
from newsletter.dispatch.smtp_wire import ConversationBroken
from newsletter.domain.control_characters import CONTROLS
from newsletter.domain.deliveries import DeliveryState, Envelope, Outcome

_BLOCK = 64 * 1024
_UNFIT_FOR_A_COMMAND = re.compile(f"[ <>{CONTROLS}]")


class SmtpClient:
    """One conversation with a server that waits for mail."""

    def __init__(
        self, conversation: Conversation, capabilities: Capabilities, timeouts: Timeouts
    ) -> None:
        self._conversation = conversation
        self._capabilities = capabilities
        self._timeouts = timeouts
        self._is_in_step = True
        self.attempts = 0

    @property
    def is_ready(self) -> bool:
        """Whether another message may follow: in step, connected, and nothing unread."""
        return self._is_in_step and self._conversation.wire.is_quiet

    async def begin(self, envelope: Envelope, message: bytes) -> Outcome | None:
        """Hands over all of a message but its dot; None when the dot may follow.

        Never raises for a server's sake: whatever is lost here, nobody can have the message.
        """
        obstacle = self._obstacle(envelope, message)
        if obstacle is not None:
            return Outcome(DeliveryState.FAILED, None, None, obstacle)
        self.attempts += 1
        self._is_in_step = False
        try:
            return await self._transaction(envelope, message)
        except ConversationBroken as broken:
            return broken_off(broken.reason, is_dot_out=False)

    async def finish(self) -> Outcome:
        """Sends the dot, and says what came of the message; never raises for a server's sake."""
        if not self._conversation.wire.is_quiet:
            return broken_off("The server hung up or spoke out of turn", is_dot_out=False)
        # The dot goes alone and last, so that until here nobody can have the whole message (S8).
        try:
            await self._conversation.write(b".\r\n", self._timeouts.block)
            reply = await self._conversation.reply(self._timeouts.final_dot)
        except ConversationBroken as broken:
            return broken_off(broken.reason, is_dot_out=True)
        self._is_in_step = reply.is_positive or reply.leaves_us_in_step
        return outcome(Phase.MESSAGE, reply)

    async def quit(self) -> None:
        """Ends the conversation: in words where the server still listens.

        Not after a message that broke off or was cancelled: there QUIT might be read as a line of
        the message.
        """
        try:
            if self.is_ready:
                await self._conversation.command("QUIT", self._timeouts.quit)
        except ConversationBroken:
            pass  # it was the last word anyhow
        finally:
            self._conversation.wire.abort()
        await self._conversation.wire.closed()

    def _obstacle(self, envelope: Envelope, message: bytes) -> str | None:
        """Why this message cannot be handed over here, before anything is written; or None."""
        offers = self._capabilities
        addresses = envelope.sender + envelope.recipient
        if _UNFIT_FOR_A_COMMAND.search(addresses):
            return "The address holds a character that cannot be written in an SMTP command."
        if not (offers.takes_smtputf8 or addresses.isascii()):
            return "The relay takes no address with letters beyond a to z (SMTPUTF8)."
        if not (offers.takes_eight_bit or message.isascii()):
            return "The message holds bytes beyond ASCII, which the relay does not take (8BITMIME)."
        if offers.size is not None and len(message) > offers.size:
            return f"The message has {len(message)} octets; the relay takes {offers.size} at most."
        if not _has_only_crlf(message):
            return "The message has a line that does not end in CR LF (RFC 5321, 2.3.8)."
        return None

    async def _transaction(self, envelope: Envelope, message: bytes) -> Outcome | None:
        for phase, command in self._commands(envelope, message):
            seconds = self._timeouts.data if phase is Phase.DATA else self._timeouts.command
            reply = await self._conversation.command(command, seconds)
            if not reply.grants(phase):
                await self._start_over(reply)
                return outcome(phase, reply)
        await self._write_content(message)
        return None

    def _commands(self, envelope: Envelope, message: bytes) -> Iterator[tuple[Phase, str]]:
        parameters = []
        if self._capabilities.size is not None:
            parameters.append(f" SIZE={len(message)}")  # RFC 1870 s5
        if not message.isascii():
            parameters.append(" BODY=8BITMIME")  # RFC 6152 s3
        if envelope.needs_smtputf8 or not envelope.recipient.isascii():
            parameters.append(" SMTPUTF8")  # RFC 6531 s3.4
        yield Phase.SENDER, f"MAIL FROM:<{envelope.sender}>{''.join(parameters)}"
        yield Phase.RECIPIENT, f"RCPT TO:<{envelope.recipient}>"
        yield Phase.DATA, "DATA"

    async def _start_over(self, refusal: Reply) -> None:
        """After a refusal: clears the server's table for the next message, or gives it up."""
        if not refusal.leaves_us_in_step:
            return
        try:
            reply = await self._conversation.command("RSET", self._timeouts.command)
        except ConversationBroken:
            return  # this message is refused all the same; the next one gets a new connection
        self._is_in_step = reply.is_positive

    async def _write_content(self, message: bytes) -> None:
        content = memoryview(_with_stuffed_dots(message))
        for start in range(0, len(content), _BLOCK):
            await self._conversation.write(content[start : start + _BLOCK], self._timeouts.block)
        if not self._conversation.wire.is_quiet:
            raise ConversationBroken("The server hung up or spoke out of turn")


def _has_only_crlf(message: bytes) -> bool:
    """Whether CR and LF occur in pairs alone (M1): a bare one may end the message elsewhere."""
    return message.count(b"\r\n") == message.count(b"\n") == message.count(b"\r")


def _with_stuffed_dots(message: bytes) -> bytes:
    """The message as DATA wants it: a dot doubled at the head of a line (RFC 5321 s4.5.2), and
    the last line ended."""
    stuffed = message.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed if stuffed.endswith(b"\r\n") or not stuffed else stuffed + b"\r\n"
