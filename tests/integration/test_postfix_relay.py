"""Debian's Postfix takes our mail, under TLS and with a password: each message once, unchanged."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from newsletter.domain.deliveries import Envelope, Outcome
from newsletter.domain.errors import RelayUnreachable
from tests.handing_over import ACCEPTED, ANN, FAILED, PATIENT, handed_over, states, transport
from tests.postfix_server import (
    READERS,
    SIZE_LIMIT,
    PostfixServer,
    missing,
    postfix_server,
)

CONNECTIONS = 5
BODY = b"".join(b".%03d: a line with a dot at its head =C5=B5\r\n" % line for line in range(200))

both_ways = pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])


@pytest.fixture(scope="module")
def postfix() -> Iterator[PostfixServer]:
    """The server; where there is none, the test is skipped (and fails with --no-skips)."""
    reason = missing()
    if reason is not None:
        pytest.skip(reason)  # software of the system that is absent
    with postfix_server(trustme.CA()) as server:
        yield server


@pytest.fixture(autouse=True)
def _empty_inbox(postfix: PostfixServer) -> None:
    postfix.clear()


def message(recipient: str, body: bytes = BODY) -> bytes:
    head = (
        "Date: Thu, 26 Nov 2026 09:00:00 +0000\r\n"
        "From: Bulletin <bulletin@news.example.org>\r\n"
        f"To: {recipient}\r\n"
        f"Message-ID: <{recipient.partition('@')[0]}@news.example.org>\r\n"
        "Subject: Newyddion\r\n"
        "\r\n"
    )
    return head.encode() + body


def to_reader(recipient: str) -> Envelope:
    return replace(ANN, recipient=recipient)


def deliver(postfix: PostfixServer, scheme: str, recipients: Sequence[str]) -> list[Outcome]:
    """Sends everybody their message, over several connections at once."""
    waiting = list(recipients)

    async def send_some() -> list[Outcome]:
        to = transport(postfix.url(scheme), PATIENT, postfix.ca_file)
        outcomes = []
        while waiting:
            reader = waiting.pop()
            outcomes.append(await handed_over(to, to_reader(reader), message(reader)))
        await to.close()
        return outcomes

    async def send_all() -> list[Outcome]:
        shares = await asyncio.gather(*(send_some() for _ in range(CONNECTIONS)))
        return [outcome for share in shares for outcome in share]

    return asyncio.run(send_all())


def deliver_one(postfix: PostfixServer, recipient: str, content: bytes) -> Outcome:
    async def hand_over() -> Outcome:
        to = transport(postfix.url("smtps"), PATIENT, postfix.ca_file)
        try:
            return await handed_over(to, to_reader(recipient), content)
        finally:
            await to.close()

    return asyncio.run(hand_over())


def refusal(url: str, ca_file: Path | None) -> RelayUnreachable:
    with pytest.raises(RelayUnreachable) as caught:
        asyncio.run(transport(url, PATIENT, ca_file).open())
    return caught.value


@both_ways
def test_every_message_arrives_once_and_unchanged(postfix: PostfixServer, scheme: str) -> None:
    """M7, A8: what lies in its Maildir is the judge."""
    outcomes = deliver(postfix, scheme, READERS)

    assert set(states(outcomes)) == {ACCEPTED}
    received = postfix.received(len(READERS))
    assert sorted(received) == sorted(map(message, READERS))


def test_a_reader_that_it_does_not_know_fails_alone(postfix: PostfixServer) -> None:
    """S1, S2: in a group, it answers DATA too."""
    outcomes = deliver(postfix, "smtps", [READERS[0], "nobody@example.org", READERS[1]])

    [refused] = [outcome for outcome in outcomes if outcome.state is not ACCEPTED]
    assert (refused.state, refused.code, refused.enhanced) == (FAILED, 550, "5.1.1")
    assert len(postfix.received(2)) == 2


def test_a_message_that_is_too_large_is_not_even_begun(postfix: PostfixServer) -> None:
    """S12; RFC 1870: it says so beforehand."""
    line = b"x" * 98 + b"\r\n"
    # Its own measure is of its file, which holds a little more than the message.
    within = message(READERS[0], line * (SIZE_LIMIT * 9 // 10 // len(line)))
    beyond = message(READERS[0], line * (SIZE_LIMIT // len(line)))

    taken = deliver_one(postfix, READERS[0], within)
    refused = deliver_one(postfix, READERS[0], beyond)

    assert taken.state is ACCEPTED
    assert (refused.state, refused.code) == (FAILED, None)
    assert f"{SIZE_LIMIT} at most" in refused.reply
    assert postfix.received(1) == [within]


@both_ways
def test_a_wrong_password_is_refused(postfix: PostfixServer, scheme: str) -> None:
    """A8, X13."""
    error = refusal(postfix.url(scheme, password="wrong-one"), postfix.ca_file)

    assert error.what.startswith("the relay refused to sign us in: 535 5.7.8")
    assert "wrong-one" not in str(error)


@both_ways
def test_an_authority_that_nobody_trusts_is_refused(postfix: PostfixServer, scheme: str) -> None:
    """A8."""
    error = refusal(postfix.url(scheme), None)

    assert error.what.startswith("its certificate is not trusted")


@both_ways
def test_a_name_that_is_not_its_own_is_refused(postfix: PostfixServer, scheme: str) -> None:
    """A8: the certificate is for localhost."""
    error = refusal(postfix.url(scheme, host="127.0.0.1"), postfix.ca_file)

    assert error.what == "its certificate is not for this name"
