"""What answers say about pace: real servers' words, each with what is to be done."""

from __future__ import annotations

import pytest

from newsletter.domain.deliveries import DeliveryState, Outcome
from newsletter.domain.receiver_signals import Signal, signal_of

GMAIL_RATE = (
    "[192.0.2.1] Our system has detected an unusual rate of unsolicited mail originating from your"
    " IP address. To protect our users from spam, mail sent from your IP address has been"
    " temporarily rate limited."
)
GMAIL_MAILBOX = (
    "The user you are trying to contact is receiving mail at a rate that prevents additional"
    " messages from being delivered."
)


def _refused(code: int, enhanced: str | None, words: str, **more: bool) -> Outcome:
    state = DeliveryState.DEFERRED if code // 100 == 4 else DeliveryState.FAILED
    return Outcome(state, code, enhanced, words, **more)


@pytest.mark.parametrize(
    ("code", "enhanced", "words"),
    [
        (421, None, "Service not available, closing transmission channel"),
        (421, "4.7.28", GMAIL_RATE),
        (
            421,
            "4.7.0",
            "[TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints",
        ),
        (421, None, "mwinf5c04 ME Trop de connexions, veuillez verifier. OFR004_104"),
        (421, None, "Rate limit reached. Please try again later"),
        (421, "4.3.2", "Service shutting down"),
    ],
)
def test_421_closes_whatever_else_it_says(code: int, enhanced: str | None, words: str) -> None:
    assert signal_of(_refused(code, enhanced, words)) is Signal.CLOSES


@pytest.mark.parametrize(
    ("code", "enhanced", "words"),
    [
        (450, "4.7.28", "Mail flood detected"),
        (451, "4.7.500", "Server busy. Please try again later from [192.0.2.1]. (S77719)"),
        (
            451,
            "4.7.650",
            "The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation.",
        ),
        (452, "4.3.2", "Connection rate limit exceeded."),
        (450, "4.7.1", "Error: too much mail from 192.0.2.1"),
        (450, "4.7.1", "Error: too many recipients from 192.0.2.1"),
        (450, "4.2.1", "Peak SMTP relay limit exceeded for customer."),
        (452, "4.5.0", "policy based throttling (192.0.2.1)"),
        (451, None, "Messages temporarily deferred due to unexpected volume"),
        (450, None, "Too many messages, slow down"),
        (451, "4.7.1", "You are sending too fast"),
        (450, None, "Zu viele Verbindungen"),
    ],
)
def test_whoever_finds_us_too_fast_gets_it_slower(
    code: int, enhanced: str | None, words: str
) -> None:
    assert signal_of(_refused(code, enhanced, words)) is Signal.SLOWER


@pytest.mark.parametrize(
    ("code", "enhanced", "words"),
    [
        (550, "5.7.515", "Access denied, sending domain example.org does not meet the level"),
        (554, "5.7.1", "Service unavailable; Client host blocked using a list"),
        (451, "4.7.1", "Sender domain has no good reputation"),
        (530, "5.7.0", "Authentication required"),
    ],
)
def test_a_fault_of_ours_is_told_from_a_fault_of_the_reader(
    code: int, enhanced: str, words: str
) -> None:
    """S4"""
    assert signal_of(_refused(code, enhanced, words)) is Signal.REFUSES_US


@pytest.mark.parametrize(
    ("code", "enhanced", "words"),
    [
        (452, "4.3.1", "Insufficient system storage"),
        (451, "4.3.0", "Temporary lookup failure"),
        (450, None, "Try again later"),
    ],
)
def test_a_server_in_trouble_takes_no_mail_for_a_while_and_that_is_no_fault_of_ours(
    code: int, enhanced: str | None, words: str
) -> None:
    """At MAIL, where it does not know of any reader yet; the run must not end for it."""
    assert signal_of(_refused(code, enhanced, words, refuses_us=True)) is Signal.CLOSES
    assert signal_of(_refused(code, enhanced, words)) is Signal.NONE


def test_a_server_that_refuses_the_sender_refuses_us_whatever_it_says() -> None:
    outcome = _refused(550, "5.1.0", "No.", refuses_us=True)

    assert signal_of(outcome) is Signal.REFUSES_US


@pytest.mark.parametrize(
    ("code", "enhanced", "words"),
    [
        (452, "4.5.3", "Error: too many recipients"),
        (452, "4.3.1", "Insufficient system storage"),
        (452, "4.4.5", "Insufficient disk space; try again later"),
        (450, "4.2.1", GMAIL_MAILBOX),
        (450, "4.2.0", "Recipient address rejected: Greylisted"),
        (451, "4.7.1", "Greylisting in action, please come back later"),
        (452, "4.2.2", "The recipient's inbox is out of storage space"),
        (451, "4.3.0", "Temporary lookup failure"),
        (550, "5.1.1", "User unknown"),
        (552, "5.2.2", "Over quota"),
        (250, "2.0.0", "What is that doing here?"),
    ],
)
def test_what_is_about_one_reader_or_one_message_changes_nothing_for_others(
    code: int, enhanced: str, words: str
) -> None:
    assert signal_of(_refused(code, enhanced, words)) is Signal.NONE


def test_acceptance_and_silence_change_nothing() -> None:
    accepted = Outcome(DeliveryState.ACCEPTED, 250, "2.0.0", "slow down, rate limit")
    lost = Outcome(DeliveryState.UNKNOWN, None, None, "The connection was lost: too many messages")

    assert signal_of(accepted) is Signal.NONE
    assert signal_of(lost) is Signal.NONE
