"""A message's headers are what the standards want, whatever the edition and the reader are."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.compiled import STACKED, Slot
from newsletter.domain.people import MailFormat
from newsletter.mail.addresses import parse_address
from newsletter.mail.header_rules import HeaderValueError
from newsletter.mail.message import MessageTemplate, write_template
from tests.independent_decoder import decode_phrase, decode_words, read_multipart, read_part
from tests.sample_messages import COMPILED, FACTS, HEADERS, TOKEN, VALUES, a_message

HEADER_WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=200
)


def test_the_headers_are_these_and_in_this_order() -> None:
    message = read_part(a_message())

    assert message.fields == (
        ("From", "=?utf-8?q?Cyngor_T=C5=B7_Mawr=2C_y_Wasg?= <news@example.org>"),
        ("To", "reader@example.org"),
        ("Reply-To", "hello@example.org"),
        ("Subject", "Newyddion mis Hydref"),
        ("Date", "Mon, 05 Oct 2026 09:30:00 +0000"),
        ("Message-ID", f"<{HEADERS.message_id}@mail.example.org>"),
        ("List-ID", '"Monthly bulletin" <monthly.mail.example.org>'),
        (
            "List-Unsubscribe",
            f"<https://news.example.org/u/{TOKEN}>,"
            f"\r\n <mailto:leave+{HEADERS.unsubscribe_tag}@mail.example.org>",
        ),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Owner", "<mailto:owner@example.org>"),
        ("List-Post", "NO"),
        ("Precedence", "bulk"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("Feedback-ID", "2026-10:monthly:edition:0a1b2c3d4e5f"),
        ("Content-Language", "cy"),
        ("MIME-Version", "1.0"),
        ("Content-Type", message.fields[-1][1]),
    )


def test_each_required_header_is_there_exactly_once_and_no_other_recipient_is_named() -> None:
    """M8, M11, M22."""
    message = read_part(a_message())

    for name in ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version"):
        assert len(message.all(name)) == 1
    for name in ("Bcc", "Cc", "Return-Path", "Sender"):
        assert message.all(name) == []


def test_without_a_mailbox_the_web_address_stands_alone() -> None:
    """M15."""
    message = read_part(a_message(facts=replace(FACTS, unsubscribe_address=None)))

    assert message.one("List-Unsubscribe") == f"<https://news.example.org/u/{TOKEN}>"
    assert message.one("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("length", [20, 45, 75, 150, 400])
def test_no_structured_header_is_ever_encoded_however_long_it_is(length: int) -> None:
    """M4."""
    host = f"{'a' * length}.example.org"
    facts = replace(FACTS, base_url=f"https://{host}", domain=host)
    message = read_part(a_message(facts=facts))

    for name, value in message.fields:
        assert "=?" not in value or name in ("From", "Subject")
    assert message.one("Message-ID") == f"<{HEADERS.message_id}@{host}>"
    assert message.one("List-Unsubscribe") == (
        f"<https://{host}/u/{TOKEN}>, <mailto:leave+{HEADERS.unsubscribe_tag}@mail.example.org>"
    )


def test_a_mailbox_with_odd_characters_is_a_valid_mailto() -> None:
    """RFC 6068 section 2."""
    odd = "a&b%c?d@example.org"

    message = read_part(a_message(facts=replace(FACTS, list_owner=odd, unsubscribe_address=odd)))

    assert message.one("List-Owner") == "<mailto:a%26b%25c%3Fd@example.org>"
    assert "<mailto:a%26b%25c%3Fd+aaa" in message.one("List-Unsubscribe")


@given(HEADER_WORDS, HEADER_WORDS)
def test_names_and_subjects_come_back_to_the_letter(name: str, reader: str) -> None:
    """M5, M6."""
    compiled = replace(COMPILED, subject=("Newyddion i ", Slot("name"), "!"))

    message = read_part(a_message(compiled, replace(FACTS, from_name=name), name=reader))

    phrase = message.one("From").removesuffix(" <news@example.org>")
    assert decode_phrase(phrase) == name
    assert decode_words(message.one("Subject")) == f"Newyddion i {reader}!"


def test_the_senders_domain_goes_out_as_an_a_label() -> None:
    """M13."""
    message = read_part(a_message(facts=replace(FACTS, from_address="post@tŷ.example.org")))

    assert message.one("From").endswith(" <post@xn--t-foa.example.org>")


def test_a_reader_with_a_welsh_local_part_is_written_in_utf_8() -> None:
    """M13; the server is asked for SMTPUTF8 by whoever sends it. The domain needs nothing."""
    reader = parse_address("Siân@tŷ.example.org")

    message = read_part(a_message(headers=replace(HEADERS, to=reader)))

    assert message.one("To") == "Siân@xn--t-foa.example.org"


def test_the_date_is_the_time_of_sending_with_a_numeric_zone() -> None:
    """M8."""
    summer = timezone(timedelta(hours=1))

    message = read_part(
        a_message(headers=replace(HEADERS, date=datetime(2026, 7, 1, 9, 0, tzinfo=summer)))
    )

    assert message.one("Date") == "Wed, 01 Jul 2026 09:00:00 +0100"
    with pytest.raises(HeaderValueError, match="zone"):
        a_message(headers=replace(HEADERS, date=datetime(2026, 7, 1, 9, 0)))  # noqa: DTZ001


def test_the_same_second_in_two_zones_has_two_dates() -> None:
    here = datetime(2026, 7, 1, 9, 0, tzinfo=timezone(timedelta(hours=1)))
    dates = [
        read_part(a_message(headers=replace(HEADERS, date=date))).one("Date")
        for date in (here, here.astimezone(UTC), here + timedelta(milliseconds=999))
    ]

    assert dates == [
        "Wed, 01 Jul 2026 09:00:00 +0100",
        "Wed, 01 Jul 2026 08:00:00 +0000",
        "Wed, 01 Jul 2026 09:00:00 +0100",
    ]


def test_an_empty_name_leaves_no_space_at_the_end_of_the_subject() -> None:
    compiled = replace(COMPILED, subject=("Newyddion i ", Slot("name")))

    message = read_part(a_message(compiled, name=""))

    assert message.one("Subject") == "Newyddion i"


@pytest.mark.parametrize("text", ["Annwyl ", "Вода, вода, вода "])
@pytest.mark.parametrize("form", MailFormat)
def test_a_template_comes_back_from_its_json_as_it_was(text: str, form: MailFormat) -> None:
    name = Slot("name", "chi")
    compiled = replace(COMPILED, subject=("I ", name), text=(text, name), languages=("cy", "en"))
    template = write_template(compiled, FACTS)

    copy = MessageTemplate.from_json(json.loads(json.dumps(template.as_json())))

    assert copy == template
    assert copy.fill(VALUES, HEADERS, form) == template.fill(VALUES, HEADERS, form)


def test_a_stacked_message_names_all_its_languages_in_headers_and_parts() -> None:
    """M23."""
    message = read_part(a_message(replace(COMPILED, language=STACKED, languages=("cy", "en"))))

    assert message.one("Content-Language") == "cy, en"
    assert [part.one("Content-Language") for part in read_multipart(message)] == ["cy, en"] * 2


def test_the_same_edition_gives_the_same_bytes_and_another_gives_another_boundary() -> None:
    other = replace(COMPILED, text=("Rhywbeth arall\n",))

    first, again = write_template(COMPILED, FACTS), write_template(COMPILED, FACTS)

    assert first.as_json() == again.as_json()
    assert first.content.boundary == again.content.boundary
    assert first.content.boundary != write_template(other, FACTS).content.boundary
