"""Mail handed over to a real SMTP server, one that behaves and ones that do not."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.smtp_client import IDLE_SECONDS, MESSAGES_PER_CONNECTION
from newsletter.domain.deliveries import Outcome
from tests.handing_over import (
    ACCEPTED,
    ANN,
    FAILED,
    MESSAGE,
    PATIENT,
    deliver,
    handed_over,
    states,
    transport,
)
from tests.moved_clock import MovedClock
from tests.scripted_smtp import scripted_server
from tests.smtp_server import Misbehaviour, RecordingServer

SION = replace(ANN, recipient="siôn@example.org", needs_smtputf8=True)
UP_TO_DATA = (b"220 relay\r\n", b"250 relay\r\n", b"250 Go on\r\n", b"250 Go on\r\n")


# A server that behaves.


def test_a_message_arrives_with_its_envelope_and_byte_for_byte() -> None:
    """M7, M11."""
    with RecordingServer() as server:
        outcomes = deliver(server, ANN)

    assert outcomes == [Outcome(ACCEPTED, 250, "2.0.0", "Kept as 7F3A")]
    assert [(m.mail_from, m.rcpt_to, m.content) for m in server.messages] == [
        (ANN.sender, ANN.recipient, MESSAGE)
    ]


LINES = st.lists(
    st.binary(max_size=60).map(lambda line: line.replace(b"\r", b".").replace(b"\n", b".")),
    min_size=1,
    max_size=8,
)


def test_any_lines_arrive_as_they_were_dots_included() -> None:
    """RFC 5321 s4.5.2."""
    with RecordingServer() as server:

        @given(LINES)
        def check(lines: list[bytes]) -> None:
            message = b"".join(line + b"\r\n" for line in lines)
            assert states(deliver(server, ANN, message=message)) == [ACCEPTED]
            assert server.messages[-1].content == message

        check()


def test_a_message_of_many_blocks_arrives_whole() -> None:
    message = b"".join(b".%06d and a line of some length\r\n" % number for number in range(20_000))

    with RecordingServer() as server:
        outcomes = deliver(server, ANN, message=message)

    assert states(outcomes) == [ACCEPTED]
    assert server.messages[0].content == message


def test_one_connection_serves_many_messages() -> None:
    """S12."""
    with RecordingServer() as server:
        deliver(server, *[ANN] * MESSAGES_PER_CONNECTION)

    assert server.connections == 1
    assert server.commands[-1] == "QUIT"


def test_a_new_connection_is_made_after_fifty_messages() -> None:
    """S12."""
    with RecordingServer() as server:
        outcomes = deliver(server, *[ANN] * (MESSAGES_PER_CONNECTION + 1))

    assert set(states(outcomes)) == {ACCEPTED}
    assert server.connections == 2
    assert server.commands.count("QUIT") == 2


@pytest.mark.parametrize(("seconds", "connections"), [(IDLE_SECONDS - 1, 1), (IDLE_SECONDS, 2)])
def test_a_connection_that_lay_idle_for_a_minute_is_made_anew(
    seconds: float, connections: int
) -> None:
    """S12."""

    async def send_and_rest(url: str) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, MovedClock)
        to = transport(url)
        await handed_over(to, ANN, MESSAGE)
        loop.ahead += seconds
        await handed_over(to, ANN, MESSAGE)
        await to.close()

    with RecordingServer() as server, asyncio.Runner(loop_factory=MovedClock) as runner:
        runner.run(send_and_rest(server.url))

    assert server.connections == connections
    assert len(server.messages) == 2


def test_a_server_that_knows_only_helo_gets_its_mail_too() -> None:
    with RecordingServer(Misbehaviour.NO_EHLO) as server:
        outcomes = deliver(server, ANN)

    assert states(outcomes) == [ACCEPTED]
    assert f"MAIL FROM:<{ANN.sender}>" in server.commands


def test_the_server_is_told_beforehand_what_a_message_needs() -> None:
    """RFC 1870 s5, RFC 6152 s3, RFC 6531 s3.4."""
    eight_bit = "Subject: Newyddion Siôn\r\n".encode()

    with RecordingServer(size_limit=1000) as server:
        deliver(server, ANN)
        deliver(server, SION, message=eight_bit)

    assert [command for command in server.commands if command.startswith("MAIL")] == [
        f"MAIL FROM:<{ANN.sender}> SIZE={len(MESSAGE)}",
        f"MAIL FROM:<{SION.sender}> SIZE={len(eight_bit)} BODY=8BITMIME SMTPUTF8",
    ]


def test_a_last_line_without_an_end_gets_one() -> None:
    """RFC 5321 s4.1.1.4: the dot stands on a line of its own."""
    with RecordingServer() as server:
        outcomes = deliver(server, ANN, message=b"A", timeouts=replace(PATIENT, final_dot=1))

    assert states(outcomes) == [ACCEPTED]
    assert server.messages[0].content == b"A\r\n"


# What a server does not take is seen before anything is written.


def test_bytes_beyond_ascii_fail_where_the_server_does_not_take_them() -> None:
    """M3; RFC 6152."""

    async def hand_over() -> tuple[Outcome, list[bytes]]:
        async with scripted_server(*UP_TO_DATA[:2], b"221 Bye\r\n") as script:
            to = transport(script.url)
            outcome = await handed_over(to, ANN, "Siôn\r\n".encode())
            await to.close()
        return outcome, script.heard

    outcome, heard = asyncio.run(hand_over())

    assert outcome.state is FAILED
    assert "8BITMIME" in outcome.reply
    assert [line.split()[0] for line in heard] == [b"EHLO", b"QUIT"]


def test_an_address_beyond_ascii_is_accepted_where_the_server_takes_it() -> None:
    """M13."""
    with RecordingServer() as server:
        outcomes = deliver(server, SION)

    assert states(outcomes) == [ACCEPTED]
    assert server.accepted_recipients == [SION.recipient]
    assert any(command.endswith("SMTPUTF8") for command in server.commands)


def test_an_address_beyond_ascii_fails_alone_where_the_server_does_not_take_it() -> None:
    """M13."""
    with RecordingServer(Misbehaviour.NO_SMTPUTF8) as server:
        outcomes = deliver(server, SION, ANN)

    assert states(outcomes) == [FAILED, ACCEPTED]
    assert outcomes[0].code is None
    assert outcomes[0].reply.endswith("beyond a to z (SMTPUTF8).")
    assert server.accepted_recipients == [ANN.recipient]


def test_a_message_over_the_announced_size_fails_before_it_is_sent() -> None:
    """S12; RFC 1870."""
    with RecordingServer(size_limit=len(MESSAGE)) as server:
        exact = deliver(server, ANN)
        over = deliver(server, ANN, message=MESSAGE + b"!\r\n")

    assert states(exact) == [ACCEPTED]
    assert states(over) == [FAILED]
    assert f"{len(MESSAGE)} at most" in over[0].reply
    assert len([command for command in server.commands if command.startswith("MAIL")]) == 1


@pytest.mark.parametrize(
    "recipient",
    [
        "ann@example.org\r\nRCPT TO:<eve@example.org",
        "ann@example.org>\nDATA",
        "ann@example.org> NOTIFY=NEVER",
        "ann\x00@example.org",
        "ann\u2028@example.org",
    ],
)
def test_an_address_that_would_be_a_second_command_is_never_written(recipient: str) -> None:
    """M12."""
    with RecordingServer() as server:
        outcomes = deliver(server, replace(ANN, recipient=recipient))

    assert states(outcomes) == [FAILED]
    assert [command.split()[0] for command in server.commands] == ["EHLO", "QUIT"]


@pytest.mark.parametrize("line_end", [b"\n", b"\r", b"\n\r", b"\r\r\n"])
def test_a_message_with_a_bare_line_end_is_never_written(line_end: bytes) -> None:
    """M1: a bare line end is how one message is made to look like two."""
    with RecordingServer() as server:
        outcomes = deliver(server, ANN, message=b"Subject: x\r\n\r\nA" + line_end + b".\r\n")

    assert states(outcomes) == [FAILED]
    assert server.messages == []
    assert not any(command.startswith("MAIL") for command in server.commands)
