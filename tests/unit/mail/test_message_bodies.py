"""A message's bodies are what the pages are, whatever is put into their slots."""

from __future__ import annotations

import email
import quopri
import re
from dataclasses import replace
from email.policy import compat32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.compiled import Piece, Slot
from newsletter.mail.message import write_template
from newsletter.mail.slots import fill_html, fill_text
from tests.independent_decoder import read_multipart, read_part
from tests.sample_messages import COMPILED, FACTS, HEADERS, VALUES, a_message, bodies

ANY_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
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
    text, page = bodies(a_message())

    assert page == fill_html(COMPILED.html, VALUES)
    assert text == fill_text(COMPILED.text, VALUES) + "\n"


@pytest.mark.parametrize("name", ["<b>", "a&b", "1=1", '"', "'", "a=" + "b" * 90, "." * 90])
def test_a_value_is_escaped_for_the_body_that_it_lands_in(name: str) -> None:
    text, page = bodies(a_message(name=name))

    assert page == fill_html(COMPILED.html, VALUES | {"name": name})
    assert text == fill_text(COMPILED.text, VALUES | {"name": name}) + "\n"


def test_line_ends_of_every_kind_go_out_as_crlf() -> None:
    """M1."""
    compiled = replace(COMPILED, text=("one\r\ntwo\rthree\nfour",), html=("<p>\r\n</p>",))

    assert bodies(a_message(compiled)) == ("one\ntwo\nthree\nfour", "<p>\n</p>")


def test_empty_pieces_and_empty_bodies_are_written() -> None:
    compiled = replace(COMPILED, text=(), html=("", "<p>", Slot("name"), "", ""))

    assert bodies(a_message(compiled, name="")) == ("", "<p>\n")


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


def test_filling_changes_only_what_is_the_readers_own() -> None:
    template = write_template(COMPILED, FACTS)

    first = _lines(template.fill(VALUES, HEADERS))
    second = _lines(template.fill(VALUES | {"name": "Gwen"}, HEADERS))

    assert first ^ second == {b"Si=C3=A2n=", b"Gwen="}


def _lines(raw: bytes) -> set[bytes]:
    return set(raw.split(b"\r\n"))
