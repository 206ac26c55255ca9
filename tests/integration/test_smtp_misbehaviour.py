"""Servers that refuse, stammer, talk nonsense or fall silent.

Before the dot nobody can have the message, and whatever is lost is deferred; after it only the
server knows (S1, S8). What a server did say counts in either case.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from newsletter.dispatch.smtp_conversation import Timeouts
from newsletter.domain.deliveries import DeliveryState, Outcome
from tests.handing_over import (
    ACCEPTED,
    ANN,
    DEFERRED,
    FAILED,
    MESSAGE,
    PATIENT,
    UNKNOWN,
    handed_over,
    transport,
)
from tests.scripted_smtp import (
    GO_ON,
    GROUPS,
    HELLO,
    KEPT,
    NO,
    OK,
    ONE_BY_ONE,
    Script,
    scripted_server,
)

CONTENT = (b"", b"", b"")
"""The answers to the three lines of MESSAGE."""


def outcomes_of_script(
    *answers: bytes,
    messages: int = 1,
    hangs_up: bool = False,
    stutters: bool = False,
    timeouts: Timeouts = PATIENT,
) -> tuple[list[Outcome], Script]:
    """What messages come to at a scripted server, and all that the server heard."""

    async def hand_over() -> tuple[list[Outcome], Script]:
        async with scripted_server(*answers, hangs_up=hangs_up, stutters=stutters) as script:
            to = transport(script.url, timeouts)
            try:
                outcomes = [await handed_over(to, ANN, MESSAGE) for _ in range(messages)]
            finally:
                await to.close()
                await script.is_over.wait()
        return outcomes, script

    return asyncio.run(hand_over())


def outcome_of_script(
    *answers: bytes,
    hangs_up: bool = False,
    stutters: bool = False,
    timeouts: Timeouts = PATIENT,
) -> tuple[Outcome, list[bytes]]:
    """What one message comes to, and the verbs and lines that the server heard after EHLO."""
    [outcome], script = outcomes_of_script(
        *answers, hangs_up=hangs_up, stutters=stutters, timeouts=timeouts
    )
    return outcome, [line.split()[0] if line.split() else b"" for line in script.heard[1:]]


ENVELOPE = [b"MAIL", b"RCPT", b"DATA"]
BODY = [b"Subject:", b"", b"Bore"]

both_ways = pytest.mark.parametrize("offers", [GROUPS, ONE_BY_ONE], ids=["groups", "one by one"])


# Groups of commands (RFC 2920).


def test_a_server_that_takes_groups_gets_the_envelope_in_one_go() -> None:
    """It answers nothing before it has heard all three, and then all in one packet."""
    outcome, heard = outcome_of_script(
        HELLO, GROUPS, b"", b"", OK + OK + GO_ON, *CONTENT, KEPT, b"221 Bye\r\n"
    )

    assert outcome.state is ACCEPTED
    assert heard == [*ENVELOPE, *BODY, b".", b"QUIT"]


def test_a_server_that_does_not_offer_groups_gets_one_command_at_a_time() -> None:
    outcome, heard = outcome_of_script(HELLO, ONE_BY_ONE, OK, NO, OK, b"221 Bye\r\n")

    assert outcome.state is FAILED
    assert heard == [b"MAIL", b"RCPT", b"RSET", b"QUIT"]


@both_ways
def test_a_server_that_answers_octet_by_octet_is_understood(offers: bytes) -> None:
    outcome, _ = outcome_of_script(
        HELLO, offers, OK, OK, GO_ON, *CONTENT, KEPT, b"221 Bye\r\n", stutters=True
    )

    assert outcome.state is ACCEPTED


@both_ways
def test_answers_of_many_lines_are_understood(offers: bytes) -> None:
    outcome, _ = outcome_of_script(
        HELLO,
        offers,
        b"250-Go\r\n250 on\r\n",
        b"250-2.1.5 Go\r\n250-2.1.5 right\r\n250 2.1.5 on\r\n",
        b"354-Go\r\n354 on\r\n",
        *CONTENT,
        b"250-2.0.0 Kept\r\n250 2.0.0 as 7F3A\r\n",
        b"221 Bye\r\n",
    )

    assert outcome == Outcome(ACCEPTED, 250, "2.0.0", "Kept as 7F3A")


@pytest.mark.parametrize("to_dot", [b"554 No valid recipients\r\n", b"250 Fine\r\n"])
def test_a_server_that_refuses_the_reader_but_wants_the_content_gets_a_lone_dot(
    to_dot: bytes,
) -> None:
    """RFC 2920 s3.1; whatever it says to the dot, nobody has the message."""
    outcomes, script = outcomes_of_script(
        *(HELLO, GROUPS, OK, NO, GO_ON, to_dot),
        *(OK, OK, GO_ON, *CONTENT, KEPT, b"221 Bye\r\n"),
        messages=2,
    )

    assert outcomes[0] == Outcome(FAILED, 550, "5.1.1", "Who?")
    assert outcomes[1].state is ACCEPTED
    assert script.heard[4] == b".\r\n"
    assert script.heard.count(b"Bore da.\r\n") == 1
    assert script.connections == 1


def test_a_server_that_hangs_up_at_the_lone_dot_has_refused_all_the_same() -> None:
    outcome, heard = outcome_of_script(HELLO, GROUPS, OK, NO, GO_ON, b"", hangs_up=True)

    assert outcome == Outcome(FAILED, 550, "5.1.1", "Who?")
    assert heard == [*ENVELOPE, b"."]


def test_a_server_that_refuses_the_sender_but_wants_the_content_gets_nothing_more() -> None:
    """A lone dot might be an empty message to a reader whom it took."""
    outcome, heard = outcome_of_script(HELLO, GROUPS, NO, OK, GO_ON)

    assert outcome.state is DEFERRED
    assert heard == ENVELOPE


@pytest.mark.parametrize(
    ("answers", "came_to"),
    [
        ([OK], (DEFERRED, None)),
        ([OK, OK], (DEFERRED, None)),
        ([NO], (DEFERRED, 550)),
        ([OK, NO], (FAILED, 550)),
        ([OK, b"451 Later\r\n"], (DEFERRED, 451)),
    ],
)
def test_a_connection_cut_between_two_answers_leaves_what_was_said(
    answers: list[bytes], came_to: tuple[DeliveryState, int | None]
) -> None:
    outcome, heard = outcome_of_script(HELLO, GROUPS, b"", b"", b"".join(answers), hangs_up=True)

    assert (outcome.state, outcome.code) == came_to
    assert heard == ENVELOPE


def test_an_answer_too_many_ends_the_conversation_before_the_content() -> None:
    """S8: it would be taken for the answer to the dot."""
    outcome, heard = outcome_of_script(HELLO, GROUPS, b"", b"", OK + OK + GO_ON + KEPT)

    assert outcome.state is DEFERRED
    assert "spoke out of turn (250 Kept)" in outcome.reply
    assert b"." not in heard


# 421, at every step (S1: it closes).


@both_ways
@pytest.mark.parametrize("step", range(4), ids=[*(verb.decode() for verb in ENVELOPE), "dot"])
def test_421_at_any_step_defers_and_nothing_more_is_said(step: int, offers: bytes) -> None:
    before = [OK, OK, GO_ON, *CONTENT][: step if step < 3 else 6]

    outcome, heard = outcome_of_script(
        HELLO, offers, *before, b"421 4.3.2 Going down\r\n", hangs_up=True
    )

    assert outcome == Outcome(DEFERRED, 421, "4.3.2", "Going down", refuses_us=step == 0)
    assert not {b"RSET", b"QUIT"} & set(heard)


# Answers that make no sense.


@both_ways
def test_a_yes_to_data_is_not_leave_to_send_the_content(offers: bytes) -> None:
    """RFC 5321 s4.1.1.4: only 354 is. What the server waits for now, nobody can say."""
    outcome, heard = outcome_of_script(HELLO, offers, OK, OK, OK)

    assert (outcome.state, outcome.code) == (DEFERRED, 250)
    assert heard == ENVELOPE


def test_a_yes_that_comes_before_the_dot_is_not_believed() -> None:
    """S1: nothing is accepted that was not whole when the server said so."""
    outcome, heard = outcome_of_script(HELLO, ONE_BY_ONE, OK, OK, GO_ON + KEPT)

    assert outcome.state is DEFERRED
    assert b"." not in heard


@pytest.mark.parametrize(
    ("nonsense", "complaint"),
    [
        (b"Thank you!\r\n", "was not SMTP"),
        (b"\x00\x01\x02\xff\r\n", "was not SMTP"),
        (b"250-Kept\r\n550 Not kept\r\n", "contradicted itself"),
        (b"250-Kept\r\n" * 1000, "was too long"),
        (b"250 " + b"x" * 10_000, "was too long"),
    ],
    ids=["words", "octets", "two minds", "no last line", "no end of line"],
)
@pytest.mark.parametrize(("step", "state"), [(0, DEFERRED), (1, DEFERRED), (6, UNKNOWN)])
def test_nonsense_ends_the_conversation(
    nonsense: bytes, complaint: str, step: int, state: DeliveryState
) -> None:
    """S2, S8: at MAIL, at RCPT and after the dot."""
    before = [OK, OK, GO_ON, *CONTENT][:step]

    outcome, heard = outcome_of_script(HELLO, GROUPS, *before, nonsense)

    assert outcome.state is state
    assert complaint in outcome.reply
    assert b"QUIT" not in heard


def test_control_characters_in_an_answer_reach_nobody() -> None:
    """X17: what a server says ends on terminals and pages."""
    rude = b"550 5.1.1 Go\x00 \x1b[31maway\x07\x9b\r\n"

    outcome, _ = outcome_of_script(HELLO, GROUPS, OK, rude, b"503 No\r\n", OK, b"221 Bye\r\n")

    assert outcome == Outcome(FAILED, 550, "5.1.1", "Go   [31maway �")


def test_a_server_that_will_not_start_over_is_left() -> None:
    outcomes, script = outcomes_of_script(
        HELLO, ONE_BY_ONE, OK, NO, b"500 5.5.1 What is RSET?\r\n", b"221 Bye\r\n", messages=2
    )

    assert {outcome.code for outcome in outcomes} == {550}
    assert script.connections == 2


# Silence (S6), each step with its own patience.


@pytest.mark.parametrize(
    ("before", "hasty", "state"),
    [
        ([], "command", DEFERRED),
        ([OK], "command", DEFERRED),
        ([OK, OK], "data", DEFERRED),
        ([OK, OK, GO_ON, *CONTENT], "final_dot", UNKNOWN),
    ],
    ids=["MAIL", "RCPT", "DATA", "dot"],
)
@both_ways
def test_a_server_that_falls_silent_is_given_up(
    before: list[bytes], hasty: str, state: DeliveryState, offers: bytes
) -> None:
    """S6, S8: a half-open connection is nothing but silence."""
    # A word of a second in the way of a slow machine is no silence: only one step is hasty.
    timeouts = replace(PATIENT, **{hasty: 0.5 if hasty == "command" else 0.05})

    outcome, heard = outcome_of_script(HELLO, offers, *before, timeouts=timeouts)

    assert outcome.state is state
    assert outcome.reply.startswith(f"No answer came within {getattr(timeouts, hasty)} seconds")
    assert b"QUIT" not in heard
