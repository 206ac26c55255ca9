"""A thousand messages made of hostile words: two strangers find every one of them well signed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.mail.dkim.signatures import Signatures
from newsletter.tokens.key_ring import create_key_ring
from newsletter.tokens.tokens import Tokens
from tests.dkim_keys import SELECTOR, records, rsa_key, signatures
from tests.dkim_verifiers import dkimpy_verifies, needs_opendkim, opendkim_verifies
from tests.hostile_mail import HostileMail

RECORDS = records()
ONE_SIGNATURE = Signatures("example.org", {SELECTOR: rsa_key()})


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens(create_key_ring(tmp_path_factory.mktemp("keys") / "keys.json"))


@pytest.fixture(scope="module")
def messages(tokens: Tokens) -> list[bytes]:
    return list(HostileMail(tokens, ONE_SIGNATURE).messages(editions=50, readers=20))


def test_the_thousand_are_of_every_kind(messages: list[bytes]) -> None:
    heads = [message.partition(b"\r\n\r\n")[0] for message in messages]

    assert len(set(messages)) == 1000
    for sign in (
        rb"Content-Type: text/plain",
        rb"Content-Type: multipart",
        rb"Content-Transfer-Encoding: base64",
        rb"Content-Transfer-Encoding: quoted-printable",
        rb"Subject: =\?utf-8\?[qb]\?.*\r\n =\?",
        rb"Subject: [^=\r]*  ",
        rb"To: si\xc3\xa2n@",
        rb"From: \"",
    ):
        assert sum(re.search(sign, head) is not None for head in heads) > 20, sign


def test_dkimpy_finds_all_well_signed(messages: list[bytes]) -> None:
    assert _not_good(dkimpy_verifies(message, RECORDS) for message in messages) == []


@needs_opendkim
def test_opendkim_finds_all_well_signed(messages: list[bytes], tmp_path: Path) -> None:
    assert _not_good(iter(opendkim_verifies(messages, RECORDS, tmp_path))) == []


@needs_opendkim
def test_opendkim_finds_what_was_changed(messages: list[bytes], tmp_path: Path) -> None:
    changed = [messages[0], messages[0][:-4] + b"x\r\n", b"From: a@example.net\r\n" + messages[0]]

    assert opendkim_verifies(changed, RECORDS, tmp_path) == [True, False, False]


def test_the_second_signature_is_as_good(tokens: Tokens) -> None:
    twice = HostileMail(tokens, signatures()).messages(editions=10, readers=10)

    assert _not_good(dkimpy_verifies(message, RECORDS, 1) for message in twice) == []


def _not_good(verdicts: Iterator[bool]) -> list[int]:
    return [number for number, verdict in enumerate(verdicts) if not verdict]
