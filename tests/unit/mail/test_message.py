"""A message is what the standards want, whatever the edition and the reader put into it."""

from __future__ import annotations

import email
import json
import quopri
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.policy import compat32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.domain.compiled import CompiledLanguage, Piece, Slot
from newsletter.domain.errors import BadInput
from newsletter.mail.addresses import parse_address
from newsletter.mail.header_rules import HeaderValueError
from newsletter.mail.message import (
    MessageFacts,
    MessageTemplate,
    PersonalHeaders,
    write_template,
)
from newsletter.mail.slots import MissingAddressError, fill_html, fill_text
from tests.independent_decoder import (
    decode_phrase,
    decode_quoted_printable,
    decode_words,
    read_multipart,
    read_part,
)

TOKEN = "t" * 47
FACTS = MessageFacts(
    from_name="Cyngor Tŷ Mawr, y Wasg",
    from_address="news@example.org",
    reply_to="hello@example.org",
    list_name="Monthly bulletin",
    list_id="monthly.mail.example.org",
    list_owner="owner@example.org",
    feedback_id="2026-10:monthly:edition:0a1b2c3d4e5f",
)
COMPILED = CompiledLanguage(
    language="cy",
    subject=("Newyddion mis Hydref",),
    html=(
        "<!DOCTYPE html>\n<p>Annwyl ",
        Slot("name", "ddarllenydd"),
        ', mae’r <a href="',
        Slot("unsubscribe"),
        '">ddolen</a> yma.</p>\n',
    ),
    text=("Annwyl ", Slot("name", "ddarllenydd"), "\n\nDad-danysgrifio: ", Slot("unsubscribe")),
)
VALUES = {"name": "Siân", "unsubscribe": f"https://news.example.org/cy/unsubscribe/{TOKEN}"}
HEADERS = PersonalHeaders(
    to=parse_address("reader@example.org"),
    date=datetime(2026, 10, 5, 9, 30, tzinfo=UTC),
    message_id=f"<{TOKEN}@mail.example.org>",
    unsubscribe_url=f"https://news.example.org/u/{TOKEN}",
    unsubscribe_mailto=f"leave+{TOKEN}@mail.example.org",
)
ANY_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
LITERALS = ANY_WORDS.map(lambda text: text.replace("\r", ""))
HEADER_WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=200
)


def a_message(
    compiled: CompiledLanguage = COMPILED,
    facts: MessageFacts = FACTS,
    headers: PersonalHeaders = HEADERS,
    **values: str,
) -> bytes:
    return write_template(compiled, facts).fill(VALUES | values, headers)


def bodies(raw: bytes) -> tuple[str, str]:
    """The decoded text and HTML, read by our own reader."""
    text, page = (
        decode_quoted_printable(part.body).decode().replace("\r\n", "\n")
        for part in read_multipart(read_part(raw))
    )
    return text, page


def test_the_headers_are_these_and_in_this_order() -> None:
    message = read_part(a_message())

    assert message.fields == (
        ("From", "=?utf-8?q?Cyngor_T=C5=B7_Mawr=2C_y_Wasg?= <news@example.org>"),
        ("To", "reader@example.org"),
        ("Reply-To", "hello@example.org"),
        ("Subject", "Newyddion mis Hydref"),
        ("Date", "Mon, 05 Oct 2026 09:30:00 +0000"),
        ("Message-ID", f"<{TOKEN}@mail.example.org>"),
        ("List-ID", '"Monthly bulletin" <monthly.mail.example.org>'),
        (
            "List-Unsubscribe",
            f"<https://news.example.org/u/{TOKEN}>,\r\n <mailto:leave+{TOKEN}@mail.example.org>",
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


def test_text_comes_first_and_html_last_each_with_its_language() -> None:
    """M3, M10, M23."""
    parts = read_multipart(read_part(a_message()))

    assert [part.one("Content-Type") for part in parts] == [
        "text/plain; charset=utf-8",
        "text/html; charset=utf-8",
    ]
    for part in parts:
        assert part.one("Content-Language") == "cy"
        assert part.one("Content-Transfer-Encoding") == "quoted-printable"


def test_the_bodies_are_what_the_pages_are() -> None:
    text, page = bodies(a_message())

    assert page == fill_html(COMPILED.html, VALUES)
    assert text == fill_text(COMPILED.text, VALUES) + "\n"


def test_line_ends_of_every_kind_go_out_as_crlf() -> None:
    """M1."""
    compiled = replace(COMPILED, text=("one\r\ntwo\rthree\nfour",), html=("<p>\r\n</p>",))

    assert bodies(a_message(compiled)) == ("one\ntwo\nthree\nfour", "<p>\n</p>")


def test_empty_pieces_and_empty_bodies_are_written() -> None:
    compiled = replace(COMPILED, text=(), html=("", "<p>", Slot("name"), "", ""))

    assert bodies(a_message(compiled, name="")) == ("", "<p>\n")


def test_without_a_mailbox_the_web_address_stands_alone() -> None:
    """M15."""
    message = read_part(a_message(headers=replace(HEADERS, unsubscribe_mailto=None)))

    assert message.one("List-Unsubscribe") == f"<https://news.example.org/u/{TOKEN}>"
    assert message.one("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("length", [20, 45, 75, 150, 400])
def test_no_structured_header_is_ever_encoded_however_long_its_token(length: int) -> None:
    """M4."""
    token = "t" * length
    headers = replace(
        HEADERS,
        unsubscribe_url=f"https://news.example.org/u/{token}",
        unsubscribe_mailto=f"leave+{token}@mail.example.org",
        message_id=f"<{token}@mail.example.org>",
    )
    message = read_part(a_message(headers=headers))

    for name, value in message.fields:
        assert "=?" not in value or name in ("From", "Subject")
    assert message.one("List-Unsubscribe") == (
        f"<https://news.example.org/u/{token}>, <mailto:leave+{token}@mail.example.org>"
    )


def test_a_mailbox_with_odd_characters_is_a_valid_mailto() -> None:
    """RFC 6068 section 2."""
    facts = replace(FACTS, list_owner="a&b%c?d@example.org")

    message = read_part(a_message(facts=facts))

    assert message.one("List-Owner") == "<mailto:a%26b%25c%3Fd@example.org>"


@settings(max_examples=60, deadline=None)
@given(HEADER_WORDS, HEADER_WORDS)
def test_names_and_subjects_come_back_to_the_letter(name: str, reader: str) -> None:
    """M5, M6."""
    compiled = replace(COMPILED, subject=("Newyddion i ", Slot("name"), "!"))

    message = read_part(a_message(compiled, replace(FACTS, from_name=name), name=reader))

    phrase = message.one("From").removesuffix(" <news@example.org>")
    assert decode_phrase(phrase) == name
    assert decode_words(message.one("Subject")) == f"Newyddion i {reader}!"


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.builds(Slot, st.sampled_from(["name", "town"]), ANY_WORDS) | LITERALS, max_size=8),
    ANY_WORDS,
    ANY_WORDS,
)
def test_a_message_is_well_formed_whatever_is_in_it(
    pieces: list[Piece], name: str, town: str
) -> None:
    """M1, M2, M3, M10: no hostile value or text breaks out of its place."""
    compiled = replace(COMPILED, html=(*pieces, "</html>\n"), text=(*pieces, "\n"))
    values = {"name": name, "town": town}

    raw = a_message(compiled, **values)

    assert re.search(rb"[^\r]\n|\r[^\n]", raw) is None
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    text, page = bodies(raw)
    assert text == fill_text(compiled.text, values)
    assert page == fill_html(compiled.html, values)


@settings(max_examples=30, deadline=None)
@given(ANY_WORDS)
def test_another_reader_of_mail_sees_the_same(name: str) -> None:
    """Structure by Python's parser, bodies by quopri: both read this much rightly."""
    parsed = email.message_from_bytes(a_message(name=name), policy=compat32)

    text, page = parsed.get_payload()
    assert parsed.defects == []
    assert [text.get_content_type(), page.get_content_type()] == ["text/plain", "text/html"]
    decoded = quopri.decodestring(page.get_payload().encode()).decode()
    assert decoded.replace("\r\n", "\n") == fill_html(COMPILED.html, VALUES | {"name": name})


def test_a_control_character_in_a_value_is_a_space_in_the_bodies() -> None:
    text, page = bodies(a_message(name="A\r\nBcc: x\0"))

    assert "Annwyl A  Bcc: x \n" in text
    assert "Annwyl A  Bcc: x ," in page


@pytest.mark.parametrize("character", ["\r\n", "\n", "\0", "\x07", "\x7f", "\x85", "\u2028"])
def test_a_control_character_in_a_value_for_the_subject_is_refused(character: str) -> None:
    """M12."""
    compiled = replace(COMPILED, subject=("I ", Slot("name")))

    with pytest.raises(BadInput, match="Subject"):
        a_message(compiled, name=f"Siân{character}Bcc: x@example.org")


@pytest.mark.parametrize("fact", ["from_name", "list_name", "from_address", "reply_to", "list_id"])
def test_a_control_character_in_a_fact_is_refused_before_anything_is_sent(fact: str) -> None:
    """M12."""
    facts = replace(FACTS, **{fact: "news@example.org\r\nBcc: x@example.org"})

    with pytest.raises(BadInput):
        write_template(COMPILED, facts)


def test_a_control_character_in_the_subject_is_refused_before_anything_is_sent() -> None:
    """M12."""
    for subject in (("News\n",), ("News ", Slot("name", "a\0b"))):
        with pytest.raises(BadInput, match="the subject"):
            write_template(replace(COMPILED, subject=subject), FACTS)


def test_the_senders_domain_goes_out_as_an_a_label() -> None:
    """M13."""
    message = read_part(a_message(facts=replace(FACTS, from_address="post@tŷ.example.org")))

    assert message.one("From").endswith(" <post@xn--t-foa.example.org>")


def test_a_sender_that_only_some_servers_can_write_is_refused() -> None:
    """M13."""
    with pytest.raises(BadInput, match="reply-to address"):
        write_template(COMPILED, replace(FACTS, reply_to="siân@example.org"))


@pytest.mark.parametrize("list_id", ["monthly", "a b.example.org", "a" * 250 + ".example.org"])
def test_a_list_id_is_a_name_under_a_domain(list_id: str) -> None:
    """M18."""
    with pytest.raises(BadInput, match="List-ID"):
        write_template(COMPILED, replace(FACTS, list_id=list_id))


def test_a_reader_with_a_welsh_local_part_is_written_in_utf_8() -> None:
    """M13; the server is asked for SMTPUTF8 by whoever sends it."""
    message = read_part(a_message(headers=replace(HEADERS, to=parse_address("siân@example.org"))))

    assert message.one("To") == "siân@example.org"


def test_the_date_is_the_time_of_sending_with_a_numeric_zone() -> None:
    """M8."""
    summer = timezone(timedelta(hours=1))

    message = read_part(
        a_message(headers=replace(HEADERS, date=datetime(2026, 7, 1, 9, 0, tzinfo=summer)))
    )

    assert message.one("Date") == "Wed, 01 Jul 2026 09:00:00 +0100"
    with pytest.raises(HeaderValueError, match="zone"):
        a_message(headers=replace(HEADERS, date=datetime(2026, 7, 1, 9, 0)))  # noqa: DTZ001


@pytest.mark.parametrize(
    "broken",
    [
        replace(HEADERS, message_id=f"{TOKEN}@mail.example.org"),
        replace(HEADERS, message_id="<a@mail.example.org>\r\nBcc: x"),
        replace(HEADERS, unsubscribe_url="http://news.example.org/u/x"),
        replace(HEADERS, unsubscribe_url="https://news.example.org/u/a b"),
        replace(HEADERS, unsubscribe_url="https://news.example.org/>,<https://x.test/"),
        replace(HEADERS, unsubscribe_mailto="a@example.org>\r\nBcc: x"),
    ],
)
def test_a_broken_value_of_our_own_never_leaves(broken: PersonalHeaders) -> None:
    """M4, M12, M15."""
    with pytest.raises(HeaderValueError):
        a_message(headers=broken)


def test_a_message_with_a_dead_link_never_leaves() -> None:
    with pytest.raises(MissingAddressError):
        a_message(unsubscribe="")


def test_an_empty_name_leaves_no_space_at_the_end_of_the_subject() -> None:
    compiled = replace(COMPILED, subject=("Newyddion i ", Slot("name")))

    message = read_part(a_message(compiled, name=""))

    assert message.one("Subject") == "Newyddion i"


def test_a_template_comes_back_from_its_json_as_it_was() -> None:
    template = write_template(replace(COMPILED, subject=("I ", Slot("name", "chi"))), FACTS)

    copy = MessageTemplate.from_json(json.loads(json.dumps(template.as_json())))

    assert copy == template
    assert copy.fill(VALUES, HEADERS) == template.fill(VALUES, HEADERS)


def test_the_same_edition_gives_the_same_bytes_and_another_gives_another_boundary() -> None:
    other = replace(COMPILED, text=("Rhywbeth arall\n",))

    assert write_template(COMPILED, FACTS).as_json() == write_template(COMPILED, FACTS).as_json()
    assert write_template(COMPILED, FACTS).boundary != write_template(other, FACTS).boundary


def test_filling_changes_only_what_is_the_readers_own() -> None:
    template = write_template(COMPILED, FACTS)

    first = _lines(template.fill(VALUES, HEADERS))
    second = _lines(template.fill(VALUES | {"name": "Gwen"}, HEADERS))

    assert first ^ second == {b"Si=C3=A2n=", b"Gwen="}


def _lines(raw: bytes) -> set[bytes]:
    return set(raw.split(b"\r\n"))
