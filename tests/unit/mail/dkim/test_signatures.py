"""Signatures: a stranger finds them good, and finds every change."""

from __future__ import annotations

import re
from dataclasses import replace
from threading import Thread

import pytest

from newsletter.domain.compiled import Slot
from newsletter.domain.errors import BadInput
from newsletter.domain.people import MailFormat
from newsletter.mail.dkim.signatures import Signatures
from newsletter.mail.message import write_template
from tests.dkim_keys import SELECTOR, records, rsa_key, signatures
from tests.dkim_verifiers import dkimpy_verifies
from tests.independent_decoder import read_part
from tests.sample_messages import COMPILED, FACTS, HEADERS, VALUES, a_message, with_words

RECORDS = records()
SIGNED_ONCE = Signatures("example.org", {SELECTOR: rsa_key()})
TEMPLATE = write_template(COMPILED, FACTS)


def signed(form: MailFormat = MailFormat.HTML) -> bytes:
    return TEMPLATE.fill(VALUES, HEADERS, form, SIGNED_ONCE)


def tags(message: bytes) -> dict[str, str]:
    """The tags of the first signature, without white space."""
    value = re.sub(r"\s", "", read_part(message).all("DKIM-Signature")[0])
    return dict(tag.split("=", 1) for tag in value.split(";"))


@pytest.mark.parametrize("form", MailFormat)
def test_both_signatures_are_good_to_a_stranger(form: MailFormat) -> None:
    """A1, A2."""
    message = TEMPLATE.fill(VALUES, HEADERS, form, signatures())

    assert len(read_part(message).all("DKIM-Signature")) == 2
    assert dkimpy_verifies(message, RECORDS, 0)
    assert dkimpy_verifies(message, RECORDS, 1)


def test_what_is_signed_is_the_message_as_it_is_without() -> None:
    assert signed().endswith(a_message())


def test_a_signature_says_what_it_should_and_nothing_that_it_should_not() -> None:
    """A3: no `l=`, and no `x=`, which mail that waits would outlive."""
    said = tags(signed())

    assert said["a"] == "rsa-sha256"
    assert said["c"] == "relaxed/relaxed"
    assert said["d"] == "example.org"
    assert said["s"] == SELECTOR
    assert int(said["t"]) == HEADERS.date.timestamp()
    assert set(said) == {"v", "a", "c", "d", "s", "t", "h", "bh", "b"}


@pytest.mark.parametrize("form", MailFormat)
def test_every_header_that_matters_is_signed(form: MailFormat) -> None:
    """A3, M17: what is there, but for what relays take away; and what could be added once more."""
    message = signed(form)
    there = [name for name, _ in read_part(message).fields if name != "DKIM-Signature"]

    names = tags(message)["h"].split(":")

    assert set(there) - set(names) == {"Precedence", "X-Auto-Response-Suppress"}
    sealed = {name for name in names if names.count(name) == there.count(name) + 1}
    assert {"From", "To", "Subject", "Date", "Reply-To", "Message-ID"} <= sealed
    assert {"List-Unsubscribe", "List-Unsubscribe-Post", "Content-Type", "MIME-Version"} <= sealed


def test_the_field_is_folded() -> None:
    head = TEMPLATE.fill(VALUES, HEADERS, MailFormat.TEXT, signatures()).split(b"\r\nFrom:")[0]

    assert max(map(len, head.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("form", MailFormat)
def test_any_changed_header_breaks_the_signature(form: MailFormat) -> None:
    message = signed(form)
    head, _, body = message.partition(b"\r\n\r\n")
    fields = re.split(rb"\r\n(?! )", head)

    for place, field in enumerate(fields):
        changed = fields.copy()
        changed[place] = field[:-1] + bytes([field[-1] ^ 1])
        is_covered = not field.startswith((b"Precedence", b"X-Auto"))
        verifies = dkimpy_verifies(b"\r\n".join(changed) + b"\r\n\r\n" + body, RECORDS)
        assert verifies is not is_covered, field


def test_any_changed_octet_of_the_body_breaks_the_signature() -> None:
    message = signed()
    start = message.index(b"\r\n\r\n") + 4

    for place in range(start, len(message)):
        if message[place : place + 1].isspace():
            continue  # of white space the relaxed form forgives some
        changed = message[:place] + bytes([message[place] ^ 1]) + message[place + 1 :]
        assert not dkimpy_verifies(changed, RECORDS), place


@pytest.mark.parametrize(
    "added",
    [
        b"From: Rhywun <someone@example.net>",
        b"Subject: Arian am ddim",
        b"Reply-To: someone@example.net",
        b"To: all@example.net",
        b"Cc: all@example.net",
        b"List-Unsubscribe: <https://example.net/u/>",
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        b"Content-Type: text/html",
        b"Content-Transfer-Encoding: base64",
    ],
)
def test_a_header_that_somebody_adds_breaks_the_signature(added: bytes) -> None:
    """RFC 6376 section 8.15."""
    assert not dkimpy_verifies(added + b"\r\n" + signed(), RECORDS)


@pytest.mark.parametrize("added", [b"Received: from a by b", b"Feedback-ID: a:b:c:relay"])
def test_what_relays_add_does_no_harm(added: bytes) -> None:
    assert dkimpy_verifies(added + b"\r\n" + signed(), RECORDS)


@pytest.mark.parametrize("fold", [b"\r\n ", b"\r\n\t", b"\r\n   \t "])
def test_a_relay_may_fold_the_headers_anew(fold: bytes) -> None:
    compiled = replace(COMPILED, subject=("Newyddion mis Hydref i ", Slot("name"), "!"))
    template = write_template(compiled, FACTS)
    message = template.fill(with_words(name="Gwen  Ap"), HEADERS, signatures=SIGNED_ONCE)
    head, _, body = message.partition(b"\r\n\r\n")

    folded = re.sub(rb"(?<![:\r\n]) (?! )", fold, head)

    assert folded != head
    assert dkimpy_verifies(folded + b"\r\n\r\n" + body, RECORDS)
    assert dkimpy_verifies(head.replace(b"\r\n ", b" ") + b"\r\n\r\n" + body, RECORDS)


@pytest.mark.parametrize("name", ["", " ", "  a  ", "=?utf-8?q?x?=", "Siân " * 40, "a  b " * 60])
def test_a_subject_of_ones_own_is_signed_as_it_is_read(name: str) -> None:
    compiled = replace(COMPILED, subject=("  I ", Slot("name"), " "))

    message = write_template(compiled, FACTS).fill(
        with_words(name=name), HEADERS, signatures=SIGNED_ONCE
    )

    assert dkimpy_verifies(message, RECORDS)


def test_threads_that_share_a_template_and_a_key_sign_each_their_own() -> None:
    names = [f"Gwen {number}" for number in range(40)]
    messages: dict[str, bytes] = {}

    def write(mine: list[str]) -> None:
        for name in mine:
            messages[name] = TEMPLATE.fill(with_words(name=name), HEADERS, signatures=SIGNED_ONCE)

    threads = [Thread(target=write, args=(names[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(messages) == len(names)
    assert all(dkimpy_verifies(message, RECORDS) for message in messages.values())


@pytest.mark.parametrize("domain", ["example.org", "news.example.org"])
def test_a_domain_covers_its_own_addresses_and_those_below(domain: str) -> None:
    """A4."""
    signatures("example.org").check_covers(f"news@{domain}")


@pytest.mark.parametrize("domain", ["example.net", "badexample.org", "org"])
def test_a_domain_covers_no_other(domain: str) -> None:
    """A4."""
    with pytest.raises(BadInput, match=re.escape(domain)) as caught:
        signatures("example.org").check_covers(f"news@{domain}")

    assert "example.org" in caught.value.what
