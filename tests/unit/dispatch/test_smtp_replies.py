"""What an SMTP server's answers mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.smtp_replies import Phase, Reply, broken_off, outcome
from newsletter.domain.deliveries import DeliveryState


def reply(*raw: bytes) -> Reply:
    return Reply(int(raw[0][:3]), tuple(line[4:] for line in raw))


BEFORE_THE_DOT = [Phase.SENDER, Phase.RECIPIENT, Phase.DATA]


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("code", [b"421", b"450", b"451", b"452", b"454", b"499"])
def test_a_4yz_defers_whenever_it_comes(phase: Phase, code: bytes) -> None:
    """S1."""
    assert outcome(phase, reply(code + b" Not now")).state is DeliveryState.DEFERRED


@pytest.mark.parametrize("phase", [one for one in Phase if one is not Phase.SENDER])
@pytest.mark.parametrize("code", [b"500", b"550", b"552", b"554", b"571", b"599"])
def test_a_5yz_about_the_recipient_or_the_message_fails(phase: Phase, code: bytes) -> None:
    """S1."""
    assert outcome(phase, reply(code + b" No")).state is DeliveryState.FAILED


@pytest.mark.parametrize("code", [b"501", b"530", b"550", b"553"])
def test_a_5yz_about_us_costs_no_reader_their_mail(code: bytes) -> None:
    """S4: refused at MAIL is refused for our setting's sake, and waits for it to be mended."""
    assert outcome(Phase.SENDER, reply(code + b" No")).state is DeliveryState.DEFERRED


@pytest.mark.parametrize("phase", [one for one in Phase if one is not Phase.SENDER])
@pytest.mark.parametrize(
    "raw",
    [
        b"550 5.7.515 Access denied, the sending domain does not meet the required level",
        b"550 5.7.1 Not for us",
        b"530 5.7.0 Sign in first",
        b"550 5.1.8 Sender rejected",
        b"554 Message rejected as spam",
    ],
)
def test_a_5yz_that_is_our_fault_costs_no_reader_their_mail(phase: Phase, raw: bytes) -> None:
    """S4: whatever the phase."""
    assert outcome(phase, reply(raw)).state is DeliveryState.DEFERRED


@pytest.mark.parametrize("phase", [Phase.RECIPIENT, Phase.DATA, Phase.MESSAGE])
@pytest.mark.parametrize(
    ("raw", "state"),
    [
        (b"550 4.1.1 No such user", DeliveryState.FAILED),
        (b"550 4.7.1 Not today", DeliveryState.FAILED),
        (b"450 5.1.1 No such user", DeliveryState.DEFERRED),
        (b"450 5.7.1 Go away", DeliveryState.DEFERRED),
    ],
)
def test_of_two_codes_that_contradict_each_other_the_basic_one_counts(
    phase: Phase, raw: bytes, state: DeliveryState
) -> None:
    """S2."""
    assert outcome(phase, reply(raw)).state is state


@pytest.mark.parametrize("code", [b"250", b"200", b"299"])
def test_a_2yz_after_the_dot_is_accepted(code: bytes) -> None:
    """S1."""
    assert outcome(Phase.MESSAGE, reply(code + b" Kept")).state is DeliveryState.ACCEPTED


@pytest.mark.parametrize("phase", BEFORE_THE_DOT)
@pytest.mark.parametrize("code", [b"250", b"354", b"334"])
def test_nothing_before_the_dot_is_ever_accepted(phase: Phase, code: bytes) -> None:
    assert outcome(phase, reply(code + b" Fine")).state is DeliveryState.DEFERRED


def test_an_answer_to_the_dot_that_is_neither_yes_nor_no_is_unknown() -> None:
    """S8: the server may have taken the message."""
    assert outcome(Phase.MESSAGE, reply(b"354 Go on")).state is DeliveryState.UNKNOWN


def test_552_too_many_recipients_means_452() -> None:
    """S3; RFC 5321 s4.5.3.1.10."""
    too_many = reply(b"552 5.5.3 Too many recipients")

    assert outcome(Phase.RECIPIENT, too_many).state is DeliveryState.DEFERRED
    assert outcome(Phase.MESSAGE, too_many).state is DeliveryState.FAILED


def test_552_for_a_full_mailbox_stays_a_refusal() -> None:
    """S3."""
    full = reply(b"552 5.2.2 Mailbox full")

    assert outcome(Phase.RECIPIENT, full).state is DeliveryState.FAILED


def test_the_outcome_keeps_both_codes_and_the_words() -> None:
    came_to = outcome(Phase.RECIPIENT, reply(b"550 5.1.1 No such person"))

    assert (came_to.code, came_to.enhanced, came_to.reply) == (550, "5.1.1", "No such person")


def test_the_enhanced_code_is_read_from_a_reply_of_many_lines() -> None:
    """S2."""
    many = reply(b"550-5.1.1 The mailbox", b"550-5.1.1 you asked for", b"550 5.1.1 is not here")

    assert many.told == ("5.1.1", "The mailbox you asked for is not here")


def test_an_enhanced_code_on_a_later_line_counts() -> None:
    """S2."""
    assert reply(b"450-Please wait", b"450 4.2.0 Greylisted").told == (
        "4.2.0",
        "Please wait Greylisted",
    )


@pytest.mark.parametrize("raw", [b"550 4.2.1 Busy", b"450 5.1.1 Gone", b"250 5.0.0 Fine"])
def test_an_enhanced_code_that_contradicts_the_basic_code_is_not_believed(raw: bytes) -> None:
    """S2."""
    contradicting = reply(raw)

    assert contradicting.told == (None, raw[4:].decode())
    assert contradicting.code == int(raw[:3])


@pytest.mark.parametrize("raw", [b"550 5.1.1.4 is our version", b"550 192.0.2.1", b"550 5.1"])
def test_other_numbers_are_no_enhanced_codes(raw: bytes) -> None:
    assert reply(raw).told[0] is None


@given(st.sampled_from(Phase), st.integers(200, 599), st.binary(max_size=200))
def test_garbage_comes_to_something(phase: Phase, code: int, words: bytes) -> None:
    """S2."""
    came_to = outcome(phase, Reply(code, (words,)))

    assert came_to.code == code


@given(st.binary(max_size=200))
def test_no_bytes_reach_a_terminal_raw(raw: bytes) -> None:
    """S2: unknown codes must not crash."""
    said = reply(b"550 " + raw).says

    assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in said)


def test_a_flood_of_words_is_cut() -> None:
    assert len(reply(b"550-" + b"x" * 400, b"550 " + b"y" * 400).told[1]) == 500


def test_a_conversation_that_breaks_before_the_dot_is_deferred_and_after_it_unknown() -> None:
    """S1, S8."""
    before = broken_off("The connection was lost", is_dot_out=False)
    after = broken_off("The connection was lost", is_dot_out=True)

    assert (before.state, before.code) == (DeliveryState.DEFERRED, None)
    assert (after.state, after.code) == (DeliveryState.UNKNOWN, None)
    assert before.reply.startswith("The connection was lost before")
    assert after.reply.startswith("The connection was lost after")


def test_only_a_refusal_other_than_421_leaves_the_conversation_in_step() -> None:
    """S1: 421 means that the server closes."""
    in_step = [
        raw for raw in (b"250", b"354", b"421", b"450", b"550") if reply(raw).leaves_us_in_step
    ]

    assert in_step == [b"450", b"550"]
