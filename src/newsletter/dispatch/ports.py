"""What sending needs of the way by which mail leaves: declared here, by the one who uses it."""

from __future__ import annotations

from typing import Protocol

from newsletter.domain.deliveries import Envelope, Outcome

SMTP = "smtp"
"""The name of the transport to a real mail server."""

MAILDIR = "maildir"
"""The name of the transport into a folder on this machine, which reaches nobody."""


class Transport(Protocol):
    """One way for messages to leave, one after the other: a connection to an SMTP relay, or a
    folder on this machine.

    A message goes in two steps, `begin` and `finish`, for between them lies the moment from which
    nobody but the server knows what became of it: what must survive a crash is written down there.
    """

    @property
    def name(self) -> str:
        """What a delivery records as its transport: `smtp` or `maildir`."""
        ...

    @property
    def relay(self) -> str | None:
        """The relay that it leads to, as host and port; None of a folder."""
        ...

    async def open(self) -> None:
        """Makes sure that the next message can be handed over; cheap when that is so already.

        Raises RelayUnreachable when it cannot: the whole conversation up to the sign-in is done
        here, so that a caller finds out before anything of a delivery has begun. Raises BadInput
        when a setting that is only read now (relay.ca_file) is no good.
        """
        ...

    async def begin(self, envelope: Envelope, message: bytes) -> Outcome | None:
        """Hands over all of one message but its end: nobody can have it yet.

        Gives what came of it when it is over already (refused, deferred, the connection lost);
        None when only its end is missing, and `finish` comes next. Opens first when there is no
        connection, with the errors of `open`; whatever happens after that is an outcome.
        """
        ...

    async def finish(self) -> Outcome:
        """Hands over the end of the message that was begun, and gives the answer to it."""
        ...

    async def close(self) -> None:
        """Ends the conversation, politely where there is one; never raises for a server's sake.

        A message that was begun and not finished is not handed over.
        """
        ...
