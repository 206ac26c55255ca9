"""Which transport a relay needs."""

from __future__ import annotations

from newsletter.dispatch.maildir_transport import MaildirTransport
from newsletter.dispatch.ports import Transport
from newsletter.dispatch.relay import MaildirRelay, Relay
from newsletter.dispatch.smtp_conversation import Timeouts
from newsletter.dispatch.smtp_transport import SmtpTransport


def connect(relay: Relay, timeouts: Timeouts | None = None) -> Transport:
    """One connection to `relay`; nothing is opened or made before its `open`.

    `timeouts` are those of S6 when none are given; a folder needs none.
    """
    if isinstance(relay, MaildirRelay):
        return MaildirTransport(relay.folder)
    return SmtpTransport(relay, timeouts)
