"""Mail handed over to a real SMTP server, one that behaves and ones that do not."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.smtp_client import IDLE_SECONDS, MESSAGES_PER_CONNECTION
from newsletter.domain.deliveries import DeliveryState, Outcome
from newsletter.domain.errors import RelayUnreachable
from tests.handing_over import (
    ACCEPTED,
    ANN,
    BOB,
    DEFERRED,
    FAILED,
    MESSAGE,
    PATIENT,
    UNKNOWN,
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


# Refusals: this recipient's, and nobody else's.


def test_a_refused_recipient_fails_alone() -> None:
    """S1, S2: the code is read from a reply of two lines, and the next message is not hurt."""
    with RecordingServer(refused=[ANN.recipient]) as server:
        outcomes = deliver(server, ANN, BOB)

    assert outcomes[0] == Outcome(FAILED, 550, "5.1.1", "The mailbox does not exist")
    assert server.accepted_recipients == [BOB.recipient]
    assert server.connections == 1


def test_a_greylisted_recipient_is_deferred_and_accepted_when_asked_again() -> None:
    """S1."""
    with RecordingServer(Misbehaviour.GREYLIST) as server:
        outcomes = deliver(server, ANN, ANN)

    assert states(outcomes) == [DEFERRED, ACCEPTED]
    assert (outcomes[0].code, outcomes[0].enhanced) == (451, "4.7.1")


@pytest.mark.parametrize("way", [(), (Misbehaviour.NO_PIPELINING,)], ids=["groups", "one by one"])
@pytest.mark.parametrize(
    ("misbehaviour", "state", "code"),
    [
        (Misbehaviour.REFUSE_SENDER, DEFERRED, 550),
        (Misbehaviour.TOO_MANY_RECIPIENTS, DEFERRED, 552),
        (Misbehaviour.REFUSE_DATA, DEFERRED, 451),
        (Misbehaviour.REFUSE_MESSAGE, FAILED, 554),
        (Misbehaviour.DEFER_MESSAGE, DEFERRED, 452),
    ],
)
def test_a_refusal_at_any_step_is_told_and_the_connection_is_kept(
    misbehaviour: Misbehaviour, state: DeliveryState, code: int, way: tuple[Misbehaviour, ...]
) -> None:
    """S1, S3."""
    with RecordingServer(misbehaviour, *way) as server:
        outcomes = deliver(server, ANN, BOB)

    assert [(outcome.state, outcome.code) for outcome in outcomes] == [(state, code)] * 2
    assert server.connections == 1
    assert server.messages == []


def test_421_in_the_middle_defers_one_message_and_the_next_gets_a_new_connection() -> None:
    """S1: 421 closes."""
    with RecordingServer(Misbehaviour.CLOSE_AT_SECOND_MESSAGE) as server:
        outcomes = deliver(server, ANN, BOB, BOB)

    assert [(outcome.state, outcome.code) for outcome in outcomes] == [
        (ACCEPTED, 250),
        (DEFERRED, 421),
        (ACCEPTED, 250),
    ]
    assert server.connections == 2


def test_421_after_the_dot_defers() -> None:
    """S1: the server said that it did not take the message."""
    with RecordingServer(Misbehaviour.CLOSE_AFTER_DOT) as server:
        outcomes = deliver(server, ANN, BOB)

    assert [(outcome.state, outcome.code) for outcome in outcomes] == [(DEFERRED, 421)] * 2
    assert server.connections == 2


# Lost connections: before the dot, after it, and between messages.


def test_a_connection_lost_before_the_reply_to_the_dot_is_unknown() -> None:
    """S8: the server has the message, and nobody told us."""
    with RecordingServer(Misbehaviour.DROP_BEFORE_REPLY) as server:
        outcomes = deliver(server, ANN)

    assert outcomes == [
        Outcome(
            UNKNOWN,
            None,
            None,
            "The connection was lost after the whole message had gone out;"
            " the server may have taken it.",
        )
    ]
    assert server.accepted_recipients == [ANN.recipient]


def test_a_reply_to_the_dot_that_is_not_smtp_is_unknown_and_ends_the_connection() -> None:
    """S8, S12."""
    with RecordingServer(Misbehaviour.GARBAGE_REPLY) as server:
        outcomes = deliver(server, ANN, BOB)

    assert states(outcomes) == [UNKNOWN, UNKNOWN]
    assert "was not SMTP" in outcomes[0].reply
    assert server.connections == 2


def test_no_reply_to_the_dot_in_time_is_unknown() -> None:
    """S6, S8."""
    with RecordingServer(Misbehaviour.SLOW_REPLY) as server:
        outcomes = deliver(server, ANN, timeouts=replace(PATIENT, final_dot=0.05))

    assert states(outcomes) == [UNKNOWN]
    assert outcomes[0].reply.startswith("No answer came within 0.05 seconds after")


def test_no_reply_to_rcpt_in_time_is_deferred() -> None:
    """S1, S6."""
    with RecordingServer(Misbehaviour.SLOW_RECIPIENT) as server:
        outcomes = deliver(server, ANN, timeouts=replace(PATIENT, command=1))

    assert states(outcomes) == [DEFERRED]
    assert outcomes[0].reply.startswith("No answer came within 1 seconds before")


def test_a_connection_lost_while_a_big_message_is_written_is_deferred() -> None:
    """S1, S8: the dot was never written, so that nobody can have the whole message."""
    big = b"A line of some length that goes nowhere\r\n" * 400_000

    with RecordingServer(Misbehaviour.DROP_AFTER_DATA) as server:
        outcomes = deliver(server, ANN, message=big)

    assert states(outcomes) == [DEFERRED]
    assert outcomes[0].reply.endswith("before the whole message had gone out.")


def test_a_connection_that_the_server_closed_between_messages_is_made_anew() -> None:
    with RecordingServer(Misbehaviour.HANG_UP_AFTER_FIRST_MESSAGE) as server:

        async def send_two() -> list[Outcome]:
            to = transport(server.url)
            first = await handed_over(to, ANN, MESSAGE)
            client = to._client
            while client is not None and await client.is_ready():
                await asyncio.sleep(0)  # until the loop has seen that the server hung up
            second = await handed_over(to, BOB, MESSAGE)
            await to.close()
            return [first, second]

        outcomes = asyncio.run(send_two())

    assert states(outcomes) == [ACCEPTED, ACCEPTED]
    assert server.connections == 2


def test_a_relay_that_went_away_is_told_before_the_next_message_begins() -> None:
    async def send_after_the_end() -> None:
        with RecordingServer() as server:
            to = transport(server.url)
            await handed_over(to, ANN, MESSAGE)
        try:
            while True:
                # The loop needs a turn or two to see that the server is gone.
                await to.open()
                await asyncio.sleep(0)
        finally:
            await to.close()

    with pytest.raises(RelayUnreachable) as caught:
        asyncio.run(send_after_the_end())

    assert "refused" in caught.value.what


def test_a_send_that_is_cancelled_leaves_no_word_in_the_message() -> None:
    """S14: whatever were written next would be read as a line of the message."""

    async def cancel() -> list[bytes]:
        async with scripted_server(*UP_TO_DATA, b"354 Go on\r\n") as script:
            to = transport(script.url)
            sending = asyncio.create_task(handed_over(to, ANN, MESSAGE))
            while b".\r\n" not in script.heard:
                await asyncio.sleep(0)
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
            await to.close()
            await script.is_over.wait()
        return script.heard

    assert asyncio.run(cancel())[-1] == b".\r\n"


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
