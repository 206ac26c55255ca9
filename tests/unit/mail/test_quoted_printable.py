"""Quoted-printable pieces: whatever is joined to whatever, the body is valid and reads the same."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.mail.header_rules import without_controls
from newsletter.mail.quoted_printable import (
    HTML_ESCAPES,
    TEXT_ESCAPES,
    encode_ending,
    encode_literal,
    encode_value,
)
from tests.independent_decoder import decode_quoted_printable

_TRICKY = st.sampled_from(
    [" ", "  ", "\t", ".", "..", "From ", "From", "=", "=3D", "ŵ", "🙂", "\n", "\0", "--", "a" * 70,
     "b" * 73, "c" * 75, "d" * 76, "ŷ" * 13, "e f " * 25]
)  # fmt: skip
TEXTS = st.lists(_TRICKY, max_size=12).map("".join) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=120
)
VALUES = TEXTS | st.text(st.sampled_from("abcF./:-_"), max_size=300)


@given(st.lists(TEXTS, max_size=6), TEXTS)
@example(["a" * 75], "b")
@example(["a" * 76, "", " "], ".")
@example(["a" * 72 + "ŵ", "From"], " x")
def test_pieces_join_into_one_valid_body(pieces: list[str], last: str) -> None:
    """M1, M2, M3; also where a piece's last line is exactly as long as a line may be."""
    body = ("".join(map(encode_literal, pieces)) + encode_ending(last + "x")).encode("ascii")

    assert decode_quoted_printable(body).decode() == ("".join(pieces) + last + "x").replace(
        "\n", "\r\n"
    )
    _assert_canonical(body)


@given(st.lists(VALUES, max_size=4))
@example(["a" * 73 + ".b", ".a", "", "From x"])
def test_values_join_into_one_valid_body(values: list[str]) -> None:
    """M1, M2, M3, M12: each is on one line of text, and escaped for HTML where it lands there."""
    one_line = "".join(map(without_controls, values))

    for escapes, expected in ((TEXT_ESCAPES, one_line), (HTML_ESCAPES, html.escape(one_line))):
        body = b"".join(encode_value(value, escapes) for value in values) + b"\r\n"

        assert decode_quoted_printable(body).decode() == expected + "\r\n"
        _assert_canonical(body)


def test_a_usual_value_is_as_one_would_write_it() -> None:
    assert encode_value("Siân", TEXT_ESCAPES) == b"Si=C3=A2n=\r\n"
    assert encode_value("sian.puw@example.org", TEXT_ESCAPES) == b"sian.puw@example.org=\r\n"
    assert encode_value("a<b", HTML_ESCAPES) == b"a&lt;b=\r\n"


def test_a_word_that_begins_a_mailbox_is_hidden() -> None:
    assert encode_ending("From here\nFrom") == "=46rom here\r\nFrom"


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("", ""),
        ("\n", "\r\n"),
        (".\n", "=2E\r\n"),
        ("a b  c \n", "a b=20 c=20\r\n"),
        ("dŵr", "d=C5=B5r=\r\n"),
        ("1=1", "1=3D1=\r\n"),
    ],
)
def test_a_literal_ends_at_column_0(text: str, encoded: str) -> None:
    assert encode_literal(text) == encoded


def _assert_canonical(body: bytes) -> None:
    """RFC 6376 section 3.4.4: nothing to fold; RFC 5321 section 4.5.2: no dot to double."""
    assert re.search(rb"[^\r]\n|\r[^\n]", body) is None
    for line in body.split(b"\r\n"):
        assert not line.startswith((b".", b" ", b"From "))
        assert not line.endswith(b" ")
        assert b"  " not in line
        assert b"\t" not in line
