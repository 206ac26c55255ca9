"""What a client does of itself, with no server to make it."""

from __future__ import annotations

import asyncio

from newsletter.dispatch.smtp_capabilities import Capabilities
from newsletter.dispatch.smtp_client import SmtpClient
from newsletter.dispatch.smtp_conversation import Conversation, Timeouts
from newsletter.domain.deliveries import Outcome
from tests.fake_wire import a_wire
from tests.handing_over import ANN, DEFERRED, MESSAGE


def test_a_word_that_has_arrived_when_the_content_is_out_defers_at_once() -> None:
    """S8: `begin` looks once more, so that nothing is written down about a message in vain."""

    async def begin() -> Outcome | None:
        with a_wire() as (wire, transport):
            client = SmtpClient(Conversation(wire), Capabilities(takes_groups=True), Timeouts())

            def answer() -> None:
                content = transport.written[-1] == MESSAGE
                transport.arrive(
                    b"421 Going\r\n" if content else b"250 Yes\r\n250 Yes\r\n354 Go\r\n"
                )

            transport.on_write = answer
            return await client.begin(ANN, MESSAGE)

    outcome = asyncio.run(begin())

    assert outcome is not None
    assert outcome.state is DEFERRED
    assert "out of turn (421 Going)" in outcome.reply
