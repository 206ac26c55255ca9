"""What sending needs of the way by which mail leaves: declared here, by the one who uses it."""

from __future__ import annotations

from typing import Protocol

from newsletter.domain.deliveries import Envelope, Outcome

SMTP = "smtp"
"""The name of the transport to a real mail server."""

MAILDIR = "maildir"
"""The name of the transport into a folder on this machine, which reaches nobody."""


class Transport(Protocol):
    """A way for messages to leave: an SMTP relay, or a folder on this machine."""

    @property
    def name(self) -> str:
        """What a delivery records as its transport: `smtp` or `maildir`."""
        ...

    async def open(self) -> None:
        """Makes sure that the next message can be handed over; cheap when that is so already.

        Raises RelayUnreachable when it cannot: the whole conversation up to the sign-in is done
        here, so that a caller finds out before anything of a delivery has begun. Raises BadInput
        when a setting that is only read now (relay.ca_file) is no good.
        """
        ...

    async def send(self, envelope: Envelope, message: bytes) -> Outcome:
        """Hands over one message, byte for byte, and says what came of it.

        Opens first when there is no connection, with the errors of `open`. Whatever happens after
        that is an outcome, never an error.
        """
        ...

    async def close(self) -> None:
        """Ends the conversation, politely where there is one; never raises for a server's sake."""
        ...
