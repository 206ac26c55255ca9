"""Mail handed over to an SMTP relay, over one connection that is renewed when it must be."""

from __future__ import annotations

from newsletter.dispatch.ports import SMTP
from newsletter.dispatch.relay import SmtpRelay
from newsletter.dispatch.smtp_client import SmtpClient
from newsletter.dispatch.smtp_conversation import Timeouts
from newsletter.dispatch.smtp_opening import open_conversation
from newsletter.domain.deliveries import Envelope, Outcome


class SmtpTransport:
    """A Transport to one relay. Nothing happens until `open`."""

    name = SMTP

    def __init__(self, relay: SmtpRelay, timeouts: Timeouts | None = None) -> None:
        self._relay = relay
        self._timeouts = timeouts or Timeouts()
        self._client: SmtpClient | None = None
        self._opened: SmtpClient | None = None  # the same, looked at since the last message

    @property
    def relay(self) -> str:
        """The relay's host and port."""
        return self._relay.address

    async def open(self) -> None:
        """Connects and signs in, unless a good connection stands.

        Raises RelayUnreachable, and BadInput when relay.ca_file cannot be read.
        """
        self._opened = await self._ready_client()

    async def begin(self, envelope: Envelope, message: bytes) -> Outcome | None:
        """Hands over all of one message but its dot; opens first unless that was just done, with
        the errors of `open`.

        Opens anew, once, when the server turns out to have hung up since the message before, which
        nobody is told of while both keep silent.
        """
        client, self._opened = self._opened or await self._ready_client(), None
        outcome = await client.begin(envelope, message)
        if not client.was_gone:
            return outcome
        client = await self._ready_client()
        return await client.begin(envelope, message)

    async def finish(self) -> Outcome:
        """Sends the dot of the message that was begun, and gives the answer to it."""
        if self._client is None:
            raise RuntimeError("finish without begin")
        return await self._client.finish()

    async def close(self) -> None:
        """Says goodbye to the relay and closes the connection."""
        client, self._client = self._client, None
        self._opened = None
        if client is not None:
            await client.quit()

    async def _ready_client(self) -> SmtpClient:
        client = self._client
        if client is not None:
            if await client.is_ready():
                return client
            await self.close()
        conversation, capabilities = await open_conversation(self._relay, self._timeouts)
        self._client = SmtpClient(conversation, capabilities, self._timeouts)
        return self._client
