"""One message through a transport, in both of its steps."""

from __future__ import annotations

from newsletter.dispatch.ports import Transport
from newsletter.domain.deliveries import Envelope, Outcome


async def handed_over(to: Transport, envelope: Envelope, message: bytes) -> Outcome:
    """What came of the message."""
    return await to.begin(envelope, message) or await to.finish()
