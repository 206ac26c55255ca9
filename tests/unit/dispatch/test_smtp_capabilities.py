"""What a server's EHLO reply announces."""

from __future__ import annotations

import pytest

from newsletter.dispatch.smtp_capabilities import Capabilities, read_capabilities
from newsletter.dispatch.smtp_replies import Reply


def announced(*lines: str) -> Capabilities:
    return read_capabilities(
        Reply(250, tuple(line.encode() for line in ("relay.example.org greets you", *lines)))
    )


def test_what_we_use_is_read_and_the_rest_is_passed_over() -> None:
    offers = announced(
        "SIZE 1024", "8bitmime", "PIPELINING", "SMTPUTF8", "STARTTLS", "XFANCY 3", ""
    )

    assert offers == Capabilities(
        size=1024,
        takes_smtputf8=True,
        takes_eight_bit=True,
        takes_groups=True,
        offers_starttls=True,
    )


def test_a_server_that_announces_nothing_offers_nothing() -> None:
    assert announced() == Capabilities()


def test_the_greeting_line_is_no_offer() -> None:
    reply = Reply(250, (b"SMTPUTF8 STARTTLS",))

    assert read_capabilities(reply) == Capabilities()


@pytest.mark.parametrize("line", ["SIZE", "SIZE 0", "SIZE many", "SIZE ²"])
def test_a_size_that_is_no_number_is_no_limit(line: str) -> None:
    """RFC 1870 s4: 0 means that there is no fixed limit."""
    assert announced(line).size is None


def test_ways_to_sign_in_are_read_in_the_old_spelling_too() -> None:
    offers = announced("AUTH PLAIN CRAM-MD5", "AUTH=LOGIN")

    assert offers.sign_in_ways == {"PLAIN", "CRAM-MD5", "LOGIN"}
