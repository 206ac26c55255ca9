"""Quoted-printable pieces: whatever is joined to whatever, the body is valid and reads the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.mail.quoted_printable import encode_ending, encode_literal, encode_plain
from tests.independent_decoder import decode_quoted_printable

_TRICKY = st.sampled_from(
    [" ", "  ", "\t", ".", "..", "From ", "From", "=", "=3D", "ŵ", "🙂", "\n", "\0", "--", "a" * 70,
     "b" * 73, "c" * 75, "d" * 76, "ŷ" * 13, "e f " * 25]
)  # fmt: skip
TEXTS = st.lists(_TRICKY, max_size=12).map("".join) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=120
)
PLAIN = st.text(st.sampled_from("abcF./:-_"), max_size=300)


@given(st.lists(TEXTS, max_size=6), TEXTS)
@example(["a" * 75], "b")
@example(["a" * 76, "", " "], ".")
@example(["a" * 72 + "ŵ", "From"], " x")
def test_pieces_join_into_one_valid_body(pieces: list[str], last: str) -> None:
    """M1, M2, M3; also where a piece's last line is exactly as long as a line may be."""
    body = b"".join(map(encode_literal, pieces)) + encode_ending(last + "x")

    assert decode_quoted_printable(body).decode() == ("".join(pieces) + last + "x").replace(
        "\n", "\r\n"
    )
    _assert_canonical(body)


@given(PLAIN)
@example("a" * 73 + ".b")
@example(".a")
@example("")
def test_the_fast_way_and_the_slow_way_agree(text: str) -> None:
    assert encode_plain(text) == encode_literal(text)


def test_a_word_that_begins_a_mailbox_is_hidden() -> None:
    assert encode_ending("From here\nFrom") == b"=46rom here\r\nFrom"


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("", b""),
        ("\n", b"\r\n"),
        (".\n", b"=2E\r\n"),
        ("a b  c \n", b"a b=20 c=20\r\n"),
        ("dŵr", b"d=C5=B5r=\r\n"),
        ("1=1", b"1=3D1=\r\n"),
    ],
)
def test_a_literal_ends_at_column_0(text: str, encoded: bytes) -> None:
    assert encode_literal(text) == encoded


def _assert_canonical(body: bytes) -> None:
    """RFC 6376 section 3.4.4: nothing to fold; RFC 5321 section 4.5.2: no dot to double."""
    assert re.search(rb"[^\r]\n|\r[^\n]", body) is None
    for line in body.split(b"\r\n"):
        assert not line.startswith((b".", b" ", b"From "))
        assert not line.endswith(b" ")
        assert b"  " not in line
        assert b"\t" not in line
