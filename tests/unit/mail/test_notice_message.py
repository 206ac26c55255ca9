"""The message of a notice: of no list, by a machine, and else as correct as every other one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.errors import BadInput
from newsletter.domain.notices import ComposedNotice
from newsletter.domain.people import MailFormat
from newsletter.mail.addresses import parse_address
from newsletter.mail.header_rules import HeaderValueError
from newsletter.mail.message_facts import NoticeFacts
from newsletter.mail.notice_message import NoticeHeaders, write_notice
from tests.dkim_keys import records, signatures
from tests.dkim_verifiers import dkimpy_verifies
from tests.independent_decoder import decode_phrase, decode_words, read_part
from tests.sample_messages import bodies, body
from tests.sample_notices import COMPOSED, NOTICE_FACTS, NOTICE_HEADERS

WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=200
)


def written(
    composed: ComposedNotice = COMPOSED,
    facts: NoticeFacts = NOTICE_FACTS,
    headers: NoticeHeaders = NOTICE_HEADERS,
    form: MailFormat = MailFormat.HTML,
) -> bytes:
    return write_notice(composed, facts, headers, form)


def test_the_headers_are_these_and_in_this_order() -> None:
    """M20: no list, nothing of bulk, and no answer from a machine."""
    message = read_part(written())

    assert message.fields == (
        ("From", "=?utf-8?q?Cyngor_T=C5=B7_Mawr=2C_y_Wasg?= <news@example.org>"),
        ("To", "reader@example.org"),
        ("Reply-To", "hello@example.org"),
        ("Subject", "Cadarnhewch eich tanysgrifiad"),
        ("Date", "Thu, 26 Nov 2026 14:05:00 +0000"),
        ("Message-ID", f"<{NOTICE_HEADERS.message_id}@mail.example.org>"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("Content-Language", "cy"),
        ("MIME-Version", "1.0"),
        ("Content-Type", message.fields[-1][1]),
    )


def test_the_bodies_come_back_to_the_letter() -> None:
    assert bodies(written()) == (COMPOSED.text, COMPOSED.html)


def test_who_wants_text_gets_the_text_alone() -> None:
    message = read_part(written(form=MailFormat.TEXT))

    assert message.one("Content-Type") == "text/plain; charset=utf-8"
    assert body(message) == COMPOSED.text


@given(WORDS, WORDS, st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])))
def test_whatever_is_said_comes_back_to_the_letter(name: str, subject: str, text: str) -> None:
    """M1, M5, M6."""
    raw = written(
        replace(COMPOSED, subject=subject, text=text), replace(NOTICE_FACTS, from_name=name)
    )

    message = read_part(raw)
    assert decode_phrase(message.one("From").removesuffix(" <news@example.org>")) == name
    assert decode_words(message.one("Subject")) == subject
    assert bodies(raw)[0].rstrip() == text.rstrip()
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_welsh_local_part_is_written_in_utf_8() -> None:
    """M13."""
    to = parse_address("Siân@tŷ.example.org")

    message = read_part(written(headers=replace(NOTICE_HEADERS, to=to)))

    assert message.one("To") == "Siân@xn--t-foa.example.org"


@pytest.mark.parametrize("which", ["subject", "from_name"])
def test_a_line_break_reaches_no_header(which: str) -> None:
    """M12."""
    broken = {which: "Words\r\nBcc: everybody@example.org"}
    composed = replace(COMPOSED, **broken) if which == "subject" else COMPOSED
    facts = replace(NOTICE_FACTS, **broken) if which == "from_name" else NOTICE_FACTS

    with pytest.raises(BadInput, match="no mail header may hold"):
        written(composed, facts)


@pytest.mark.parametrize(
    "headers",
    [
        replace(NOTICE_HEADERS, message_id="a b"),
        replace(NOTICE_HEADERS, date=datetime(2026, 11, 26)),  # noqa: DTZ001
    ],
)
def test_a_fault_of_the_program_reaches_no_header(headers: NoticeHeaders) -> None:
    with pytest.raises(HeaderValueError):
        written(headers=headers)


def test_a_signature_holds_and_lets_nobody_make_list_mail_of_it() -> None:
    """M17; RFC 6376 section 8.15."""
    raw = bytes(write_notice(COMPOSED, NOTICE_FACTS, NOTICE_HEADERS, signatures=signatures()))
    changed = {
        "more": raw + b"more",
        "a person's": raw.replace(b"auto-generated", b"no"),
        "a list's": b"List-Unsubscribe: <https://other.example.org/>\r\n" + raw,
    }

    assert dkimpy_verifies(raw, records(), 0)
    assert dkimpy_verifies(raw, records(), 1)
    assert [why for why, message in changed.items() if dkimpy_verifies(message, records())] == []
