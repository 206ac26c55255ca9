"""What a server's EHLO reply announces."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from newsletter.dispatch.smtp_opening import Capabilities, read_capabilities, tls_context
from newsletter.dispatch.smtp_replies import Reply
from newsletter.domain.errors import BadInput


def announced(*lines: str) -> Capabilities:
    return read_capabilities(Reply(250, None, ("relay.example.org greets you", *lines)))


def test_what_we_use_is_read_and_the_rest_is_passed_over() -> None:
    offers = announced("SIZE 10240000", "8bitmime", "SMTPUTF8", "STARTTLS", "XFANCY 3", "")

    assert offers == Capabilities(
        size=10240000, takes_smtputf8=True, takes_eight_bit=True, offers_starttls=True
    )


def test_a_server_that_announces_nothing_offers_nothing() -> None:
    assert announced() == Capabilities()


def test_the_greeting_line_is_no_offer() -> None:
    reply = Reply(250, None, ("SMTPUTF8 STARTTLS",))

    assert read_capabilities(reply) == Capabilities()


@pytest.mark.parametrize("line", ["SIZE", "SIZE 0", "SIZE many", "SIZE ²"])
def test_a_size_that_is_no_number_is_no_limit(line: str) -> None:
    """RFC 1870 s4: 0 means that there is no fixed limit."""
    assert announced(line).size is None


def test_ways_to_sign_in_are_read_in_the_old_spelling_too() -> None:
    offers = announced("AUTH PLAIN CRAM-MD5", "AUTH=LOGIN")

    assert offers.sign_in_ways == {"PLAIN", "CRAM-MD5", "LOGIN"}


@pytest.mark.parametrize("content", [None, "not a certificate"])
def test_a_ca_file_without_certificates_is_refused_by_its_setting(
    tmp_path: Path, content: str | None
) -> None:
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_text(content)

    with pytest.raises(BadInput) as caught:
        tls_context(ca_file)

    assert caught.value.where == "relay.ca_file"
    assert str(ca_file) in caught.value.what


def test_a_relay_has_to_prove_its_name_under_tls_1_2_or_newer() -> None:
    """A8."""
    context = tls_context(None)

    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
