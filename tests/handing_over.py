"""Messages handed over to a server, and what came of them: what the tests of transports share."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from newsletter.dispatch.ports import Transport
from newsletter.dispatch.relay import SmtpRelay, parse_relay
from newsletter.dispatch.smtp_conversation import Timeouts
from newsletter.dispatch.smtp_transport import SmtpTransport
from newsletter.domain.deliveries import DeliveryState, Envelope, Outcome
from tests.smtp_server import RecordingServer

ANN = Envelope("bounces+a@news.example.org", "ann@example.org", needs_smtputf8=False)
BOB = replace(ANN, recipient="bob@example.org")
MESSAGE = b"Subject: Newyddion\r\n\r\nBore da.\r\n"
PATIENT = Timeouts()

ACCEPTED, DEFERRED, FAILED, UNKNOWN = (
    DeliveryState.ACCEPTED,
    DeliveryState.DEFERRED,
    DeliveryState.FAILED,
    DeliveryState.UNKNOWN,
)


def transport(url: str, timeouts: Timeouts = PATIENT, ca_file: Path | None = None) -> SmtpTransport:
    """A transport to the server at `url`."""
    relay = parse_relay(url, ca_file=ca_file, folder=Path())
    assert isinstance(relay, SmtpRelay)
    return SmtpTransport(relay, timeouts)


async def handed_over(to: Transport, envelope: Envelope, message: bytes) -> Outcome:
    """What came of one message, in both of its steps."""
    return await to.begin(envelope, message) or await to.finish()


def deliver(
    server: RecordingServer,
    *envelopes: Envelope,
    message: bytes = MESSAGE,
    timeouts: Timeouts = PATIENT,
) -> list[Outcome]:
    """Sends `message` to each, over one transport."""

    async def hand_over() -> list[Outcome]:
        to = transport(server.url, timeouts)
        await to.open()
        try:
            return [await handed_over(to, envelope, message) for envelope in envelopes]
        finally:
            await to.close()

    return asyncio.run(hand_over())


def states(outcomes: Sequence[Outcome]) -> list[DeliveryState]:
    """The states alone."""
    return [outcome.state for outcome in outcomes]
