"""A message's bodies are what the pages are, whatever is put into their slots."""

from __future__ import annotations

import email
import quopri
import re
from collections.abc import Sequence
from dataclasses import replace
from email.policy import compat32

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.domain.compiled import ADDRESS_SLOTS, CompiledLanguage, Piece, Slot
from newsletter.domain.people import MailFormat
from newsletter.mail.bodies import encode_body
from newsletter.mail.message import write_template
from newsletter.mail.page_links import LinkedPiece, link_pages
from newsletter.mail.slots import fill_html, fill_text
from tests.independent_decoder import read_multipart, read_part
from tests.sample_messages import (
    COMPILED,
    FACTS,
    HEADERS,
    VALUES,
    a_message,
    bodies,
    body,
    with_words,
)

ANY_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
SLOTS = st.builds(Slot, st.sampled_from(["name", "town", *ADDRESS_SLOTS]), ANY_WORDS)
LITERALS = ANY_WORDS.map(lambda text: text.replace("\r", ""))


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
    assert bodies(a_message()) == filled(COMPILED)


@pytest.mark.parametrize("name", ["<b>", "a&b", "1=1", '"', "'", "a=" + "b" * 90, "." * 90])
def test_a_value_is_escaped_for_the_body_that_it_lands_in(name: str) -> None:
    assert bodies(a_message(name=name)) == filled(COMPILED, name=name)


def test_line_ends_of_every_kind_go_out_as_crlf() -> None:
    """M1."""
    compiled = replace(COMPILED, text=("one\r\ntwo\rthree\nfour",), html=("<p>\r\n</p>",))

    assert bodies(a_message(compiled)) == ("one\ntwo\nthree\nfour\n", "<p>\n</p>\n")


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (("Helo",), "Helo\n"),
        (("Helo\n\n\n",), "Helo\n"),
        (("Helo\n", Slot("town"), "", ""), "Helo\n \n"),
        (("Helo\n", Slot("town"), "\n"), "Helo\n \n"),
        (("Helo ", Slot("view")), f"Helo https://news.example.org/cy/view/{'v' * 47} \n"),
        ((), " \n"),
        (("Дзень добры",), "Дзень добры\n"),
    ],
)
def test_a_body_ends_in_one_line_break_and_in_no_empty_line(
    pieces: tuple[Piece, ...], text: str
) -> None:
    """RFC 2045 section 6.7, RFC 6376 section 3.4.4; also where all of the message is one text."""
    compiled = replace(COMPILED, text=pieces)

    plain = read_part(a_message(compiled, form=MailFormat.TEXT))

    assert body(plain) == bodies(a_message(compiled))[0] == text
    assert plain.body.endswith(b"\r\n")
    assert not plain.body.endswith((b"\r\n\r\n", b"=\r\n\r\n"))


@given(st.lists(SLOTS | LITERALS, max_size=8), ANY_WORDS, ANY_WORDS)
@example([Slot("view"), "a" * 200, Slot("name"), Slot("why"), "b" * 76], ".", "")
@example([Slot("view"), "вода" * 40, Slot("name"), Slot("why"), "в" * 40], "з", "")
def test_a_message_is_well_formed_whatever_is_in_it(
    pieces: list[Piece], name: str, town: str
) -> None:
    """M1, M2, M3, M10: no hostile value or text breaks out of its place. A WireMessage promises
    besides that no line begins with a dot."""
    compiled = replace(COMPILED, html=(*pieces, "</html>\n"), text=(*pieces, ".\n"))
    raw = a_message(compiled, name=name, town=town)
    plain = a_message(compiled, form=MailFormat.TEXT, name=name, town=town)

    for message in (raw, plain):
        assert re.search(rb"[^\r]\n|\r[^\n]|\n\.", message) is None
        assert message.endswith(b"\r\n")
        assert max(map(len, message.split(b"\r\n"))) <= 998
    assert bodies(raw) == filled(compiled, name=name, town=town)
    assert body(read_part(plain)) == bodies(raw)[0]


@given(ANY_WORDS)
def test_another_reader_of_mail_sees_the_same(name: str) -> None:
    """Structure by Python's parser, bodies by quopri: both read this much rightly."""
    parsed = email.message_from_bytes(a_message(name=name), policy=compat32)

    text, page = parsed.get_payload()
    assert parsed.defects == []
    assert [text.get_content_type(), page.get_content_type()] == ["text/plain", "text/html"]
    decoded = quopri.decodestring(page.get_payload().encode()).decode()
    assert decoded.replace("\r\n", "\n") == filled(COMPILED, name=name)[1]


def test_a_control_character_in_a_value_is_a_space_in_the_bodies() -> None:
    text, page = bodies(a_message(name="A\r\nBcc: x\0"))

    assert "Annwyl A  Bcc: x \n" in text
    assert "Annwyl A  Bcc: x ," in page


def test_filling_changes_only_what_is_the_readers_own() -> None:
    template = write_template(COMPILED, FACTS)

    first = _lines(template.fill(VALUES, HEADERS))
    second = _lines(template.fill(with_words(name="Gwen"), HEADERS))

    assert first ^ second == {b"Si=C3=A2n=", b"Gwen="}


def test_who_prefers_text_gets_the_text_alone_under_the_same_headers() -> None:
    """Design, section 3."""
    both, plain = read_part(a_message()), read_part(a_message(form=MailFormat.TEXT))

    assert plain.fields[:-2] == both.fields[:-1]
    assert plain.fields[-2:] == (
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "quoted-printable"),
    )
    assert body(plain) == bodies(a_message())[0]


@pytest.mark.parametrize(
    "words", ["Вода чистая. ", "水は綺麗です。", "ماء نظيف ", "Το νερό είναι καθαρό. "]
)
def test_mostly_non_latin_text_is_base64_which_is_shorter(words: str) -> None:
    """Dispatch notes, 2.3: quoted-printable would make three times as much of it."""
    compiled = replace(COMPILED, text=(Slot("name"), words * 30, Slot("view"), words * 30))

    text, page = read_multipart(read_part(a_message(compiled)))

    assert text.one("Content-Transfer-Encoding") == "base64"
    assert page.one("Content-Transfer-Encoding") == "quoted-printable"
    assert bodies(a_message(compiled)) == filled(compiled)


@given(st.lists(st.one_of(SLOTS, LITERALS), max_size=8))
def test_what_was_written_can_be_read_again(pieces: list[Piece]) -> None:
    """The archive shows the plain text of a mail that was sent."""
    linked = link_pages(replace(COMPILED, text=tuple(pieces)), FACTS.base_url).text

    written = encode_body(linked, in_html=False).as_written()

    assert fill_text(written, VALUES).rstrip() == fill_text(linked, VALUES).rstrip()


def filled(compiled: CompiledLanguage, **words: str) -> tuple[str, str]:
    """The text and the HTML that the bodies must be, each with a line break at its end,
    and a space before it where a slot is the last."""
    values, linked = with_words(**words), link_pages(compiled, FACTS.base_url)
    return (
        _ended(fill_text(linked.text, values), linked.text),
        _ended(fill_html(linked.html, values), linked.html),
    )


def _ended(body: str, pieces: Sequence[LinkedPiece]) -> str:
    return body.removesuffix("\n") + ("\n" if isinstance(pieces[-1], str) else " \n")


def _lines(raw: bytes) -> set[bytes]:
    return set(raw.split(b"\r\n"))
