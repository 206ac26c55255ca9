"""Opening a conversation: what keeps it from coming about, told in words that help."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from newsletter.dispatch.smtp_conversation import Timeouts
from newsletter.domain.errors import RelayUnreachable
from tests.handing_over import transport
from tests.scripted_smtp import scripted_server
from tests.smtp_server import RecordingServer

PATIENT = Timeouts(connect=10, greeting=10, command=10)
HASTY = Timeouts(connect=10, greeting=0.05, command=10)


def refusal(url: str, ca_file: Path | None = None) -> RelayUnreachable:
    with pytest.raises(RelayUnreachable) as caught:
        asyncio.run(transport(url, PATIENT, ca_file).open())
    return caught.value


def refusal_of_script(
    *answers: bytes, hangs_up: bool = False, timeouts: Timeouts = PATIENT
) -> RelayUnreachable:
    async def open_scripted() -> None:
        async with scripted_server(*answers, hangs_up=hangs_up) as script:
            await transport(script.url, timeouts).open()

    with pytest.raises(RelayUnreachable) as caught:
        asyncio.run(open_scripted())
    return caught.value


def test_a_port_where_nobody_listens_is_told() -> None:
    with RecordingServer() as server:
        url, port = server.url, server.port

    error = refusal(url)

    assert (error.where, error.what) == (f"127.0.0.1:{port}", "the connection was refused")
    assert "relay.url" in (error.cure or "")
    assert error.exit_code == 3


def test_a_relay_that_turns_us_away_is_quoted() -> None:
    error = refusal_of_script(b"554-5.7.1 Not from\r\n554 5.7.1 this network\r\n")

    assert error.what == "the relay turned us away: 554 5.7.1 Not from this network"


def test_a_relay_that_refuses_every_greeting_is_quoted() -> None:
    error = refusal_of_script(b"220 relay\r\n", b"550 Who?\r\n", b"550 No\r\n")

    assert error.what == "the relay turned us away: 550 No"


def test_421_to_ehlo_is_not_followed_by_helo() -> None:
    """S1: 421 closes."""
    error = refusal_of_script(b"220 relay\r\n", b"421 Busy\r\n", b"250 relay\r\n")

    assert error.what == "the relay turned us away: 421 Busy"


def test_421_for_a_greeting_is_quoted() -> None:
    """S1."""
    error = refusal_of_script(b"421 4.3.2 Come back later\r\n", hangs_up=True)

    assert error.what == "the relay turned us away: 421 4.3.2 Come back later"


def test_a_relay_that_says_nothing_is_given_up_in_time() -> None:
    """S6."""
    error = refusal_of_script(b"", timeouts=HASTY)

    assert error.what == "No answer came within 0.05 seconds before any mail was handed over"


@pytest.mark.parametrize(
    ("greeting", "complaint"),
    [
        (b"SSH-2.0-server\r\n", "was not SMTP"),
        (b"220-a\r\n550 b\r\n", "contradicted itself"),
        (b"220 " + b"x" * 5000, "too long"),
        (b"220 " + b"x" * 5000 + b"\r\n", "too long"),
        (b"220 " + b"x" * 1_000_000, "too long"),
        (b"220-x\r\n" * 1000, "too long"),
        (b"220 a\r\n250 b\r\n", "spoke out of turn"),
    ],
)
def test_a_server_that_does_not_speak_smtp_is_given_up(greeting: bytes, complaint: str) -> None:
    assert complaint in refusal_of_script(greeting).what


def test_a_server_that_hangs_up_is_told() -> None:
    error = refusal_of_script(b"220 relay\r\n", b"", hangs_up=True)

    assert error.what == "The connection was lost before any mail was handed over"
