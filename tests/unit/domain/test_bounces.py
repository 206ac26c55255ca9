"""Whose fault a refusal is, by its codes and by what the servers of this world say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.bounces import Verdict, is_greylisting, is_too_fast, verdict_of, verdict_on
from newsletter.domain.deliveries import DeliveryState, Outcome

_SAYS_NOTHING = "The message could not be delivered."


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"])
def test_a_status_of_the_hard_list_is_hard(status: str) -> None:
    assert verdict_of(550, status, _SAYS_NOTHING) is Verdict.HARD


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (552, "5.2.2"),
        (552, "5.3.4"),
        (550, "5.4.1"),
        (550, "5.4.312"),
        (550, "5.4.7"),
        (451, "4.4.7"),
        (450, "4.1.1"),
        (452, "4.2.2"),
        (550, "5.1.0"),
        (550, "5.6.7"),
        (550, "5.5.4"),
    ],
)
def test_a_status_that_may_pass_is_soft(code: int, status: str) -> None:
    assert verdict_of(code, status, _SAYS_NOTHING) is Verdict.SOFT


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (550, "5.7.1"),
        (550, "5.7.515"),
        (550, "5.7.606"),
        (451, "4.7.0"),
        (421, "4.7.28"),
        (451, "4.7.500"),
        (550, "5.1.8"),
        (553, "5.1.7"),
    ],
)
def test_security_policy_and_a_refused_sender_are_ours(code: int, status: str) -> None:
    assert verdict_of(code, status, _SAYS_NOTHING) is Verdict.OURS


@pytest.mark.parametrize("code", [530, 534, 535, 538])
def test_a_sign_in_that_is_wanted_is_ours(code: int) -> None:
    assert verdict_of(code, None, "5.5.1 no such user") is Verdict.OURS


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("5.1.1", "<ann@example.org>... IP address 192.0.2.1 is on our blacklist"),
        ("5.1.1", "Service unavailable; Client host [192.0.2.1] blocked using bl.example.org"),
        ("5.1.3", "mail rejected for policy reasons"),
        ("5.2.1", "rate limited, slow down"),
        ("5.2.1", "too many messages from your network"),
        ("5.1.1", "Message rejected as spam"),
        ("5.1.1", "Sender address rejected: Domain not found"),
        ("5.1.1", "The sending quota of this account is exceeded"),
        ("5.0.0", "relaying denied"),
        (None, "Relay access denied"),
        (None, "This message contains a virus"),
        (None, "Unauthenticated mail is not accepted; see DMARC"),
        (None, "messages from 192.0.2.1 were not sent, your network is on our block list (S3140)"),
    ],
)
def test_words_of_a_block_list_a_rate_or_a_policy_win_over_the_status(
    status: str | None, words: str
) -> None:
    assert verdict_of(550, status, words) is Verdict.OURS


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("5.1.1", "<ann@example.org> Mailbox full"),
        ("5.2.1", "The user is over quota"),
        ("5.7.0", "Can't store it: user has exceeded the mailbox quota"),
        ("5.3.0", "maildrop: maildir over quota."),
        ("5.2.1", "The user you are trying to contact is receiving mail at a rate that prevents"),
        (None, "insufficient storage in mailbox"),
    ],
)
def test_words_of_a_full_mailbox_win_over_the_status(status: str | None, words: str) -> None:
    assert verdict_of(550, status, words) is Verdict.SOFT


@pytest.mark.parametrize("status", [None, "5.0.0", "5.5.0", "5.2.0"])
@pytest.mark.parametrize(
    "words",
    [
        "User unknown in virtual mailbox table",
        "<ann@example.org>: Recipient address rejected: User unknown",
        "No such user here",
        "Requested action not taken: mailbox unavailable",
        "sorry, no mailbox here by that name. (#5.1.1)",
        "Unrouteable address",
        "Invalid recipient",
        "Unknown local part ann in <ann@example.org>",
        "The email account that you tried to reach does not exist.",
        "This user doesn't have a example.org account",
        "Mailbox disabled or discontinued",
        "This mailbox is disabled",
        "User ann (ann@example.org) not listed in Domino Directory",
        "RESOLVER.ADR.RecipientNotFound; not found by SMTP address look-up",
        "5.1.0 - Unknown address error 550-'5.1.1 not there'",
    ],
)
def test_where_the_status_says_nothing_clear_words_do(status: str | None, words: str) -> None:
    assert verdict_of(550, status, words) is Verdict.HARD


def test_where_the_status_says_nothing_a_code_in_the_words_does() -> None:
    assert verdict_of(550, "5.0.0", "host mx.example.org said: 550 5.7.1 go away") is Verdict.OURS
    assert verdict_of(550, None, "host mx.example.org said: 5.2.1 gone") is Verdict.HARD


@pytest.mark.parametrize("code", [421, 450, 451, 452])
def test_what_is_said_for_now_is_never_hard(code: int) -> None:
    assert verdict_of(code, "5.1.1", "User unknown 5.1.1") is Verdict.SOFT


def test_a_status_that_contradicts_the_code_is_not_believed() -> None:
    assert verdict_of(550, "4.7.1", "not now") is Verdict.SOFT
    assert verdict_of(450, "5.7.1", "not now") is Verdict.SOFT


def test_without_a_code_the_status_says_whether_it_is_for_good() -> None:
    assert verdict_of(None, "5.1.1", "") is Verdict.HARD
    assert verdict_of(None, "4.1.1", "user unknown") is Verdict.SOFT
    assert verdict_of(None, None, "No such user") is Verdict.HARD


@pytest.mark.parametrize(
    "words",
    [
        "<spam-policy@example.org>: user unknown",
        "blocklist@example.org: user unknown",
        "User unknown, see https://example.org/policy",
    ],
)
def test_what_an_address_or_a_link_is_called_says_nothing(words: str) -> None:
    assert verdict_of(550, "5.1.1", words) is Verdict.HARD


@given(
    st.none() | st.integers(-9, 99_999),
    st.none() | st.text(max_size=12) | st.from_regex(r"[245]\.\d{1,3}\.\d{1,3}", fullmatch=True),
    st.text(max_size=200),
)
def test_whatever_a_server_says_there_is_a_verdict(
    code: int | None, enhanced: str | None, words: str
) -> None:
    verdict = verdict_of(code, enhanced, words)

    assert verdict in Verdict


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        (450, "4.2.0", "<ann@example.org>: Recipient address rejected: Greylisted, see a page"),
        (450, "4.7.1", "Greylisted for 5 minutes"),
        (451, "4.7.1", "Greylisting in action, please come back in 00:04:59"),
        (451, None, "Gray-listed, please try again later"),
        (451, "4.7.1", "<ann@example.org>: you have been grey listed"),
        (450, None, "Temporarily rejected, see http://postgrey.example.org/help"),
    ],
)
def test_greylisting_is_known_by_its_name_and_is_nobodys_fault(
    code: int, status: str | None, words: str
) -> None:
    assert is_greylisting(code, status, words)
    assert verdict_of(code, status, words) is Verdict.SOFT


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        (451, "4.7.1", "Please try again later"),
        (550, "5.7.1", "Greylisted"),
        (450, "4.2.1", "<greylist@example.org>: mailbox busy"),
    ],
)
def test_what_does_not_say_so_is_no_greylisting(code: int, status: str, words: str) -> None:
    assert not is_greylisting(code, status, words)


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        (421, "4.7.28", "an unusual rate of unsolicited mail"),
        (421, None, "Too many connections from your host"),
        (450, "4.7.1", "Error: too many messages"),
        (451, "4.7.651", "temporarily rate limited due to IP reputation"),
        (421, None, "You are sending too fast"),
    ],
)
def test_a_server_that_wants_us_slower_is_heard(code: int, status: str | None, words: str) -> None:
    assert is_too_fast(code, status, words)


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        (452, "4.5.3", "too many recipients"),
        (550, "5.7.28", "rate limit"),
        (451, "4.3.0", "try again later"),
    ],
)
def test_other_refusals_do_not_ask_for_less_speed(code: int, status: str, words: str) -> None:
    assert not is_too_fast(code, status, words)


def test_an_attempt_is_judged_by_what_the_server_answered() -> None:
    hard = Outcome(DeliveryState.FAILED, 550, "5.1.1", "user unknown")
    sender_refused = Outcome(DeliveryState.DEFERRED, 550, "5.1.1", "no", refuses_us=True)
    own_words = Outcome(DeliveryState.FAILED, None, None, "No such user, say we.")

    assert verdict_on(hard) is Verdict.HARD
    assert verdict_on(sender_refused) is Verdict.OURS
    assert verdict_on(own_words) is Verdict.SOFT
