"""The record of a key: what receivers look for, in strings that the DNS can hold."""

from __future__ import annotations

import re

import pytest

from newsletter.mail.dkim.dns_record import DnsRecord, record_of
from newsletter.mail.dkim.private_keys import Ed25519Key, RsaKey
from tests.dkim_keys import ed25519_key, rsa_key


@pytest.mark.parametrize("key", [rsa_key(), ed25519_key()], ids=["rsa", "ed25519"])
def test_a_record_has_the_name_and_the_key_that_receivers_look_for(
    key: RsaKey | Ed25519Key,
) -> None:
    record = record_of(key, selector="news-2026-11", domain="example.org")

    assert record.name == "news-2026-11._domainkey.example.org"
    assert record.value == f"v=DKIM1; k={key.kind}; p={key.public}"


@pytest.mark.parametrize("length", [1, 255, 256, 410, 800])
def test_the_strings_fit_and_joined_are_the_value(length: int) -> None:
    """A1; RFC 6376 section 3.6.2.2."""
    record = DnsRecord("a._domainkey.example.org", "x" * length)

    assert max(map(len, record.strings)) <= 255
    assert "".join(record.strings) == record.value


def test_a_zone_file_has_the_strings_quoted() -> None:
    record = record_of(rsa_key(), selector="a", domain="example.org")

    lines = record.zone_lines()

    assert lines[0] == "a._domainkey.example.org. IN TXT ("
    assert "".join(re.findall(r'"(.*)"', "\n".join(lines))) == record.value
