"""Encoded-words: short enough, whole characters each, and the text to the letter."""

from __future__ import annotations

import email.header

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.mail.encoded_words import encode_words
from tests.independent_decoder import decode_words, encoded_words, unfold

LONGEST = 67
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=150)


@given(TEXTS, st.integers(min_value=28, max_value=75))
@example("ŵ" * 100, 67)
@example("👩🏽‍🚒" * 20, 75)
@example("a" * 54 + "ŵ", 67)
@example(" a  b ", 67)
def test_words_come_back_to_the_letter_and_fit(text: str, room: int) -> None:
    """M5, M6: judged by a decoder of our own."""
    value = encode_words(text, room)

    assert decode_words(unfold(value)) == text
    assert all(len(line) <= room for line in value.split("\r\n ")), value


@given(TEXTS)
@example("a" * 50 + "ŵ" + "a" * 30)
@example("вода" * 30)
def test_no_word_ends_inside_a_character(text: str) -> None:
    """RFC 2047 section 5: each word can be decoded alone."""
    words = encoded_words(unfold(encode_words(text, LONGEST)))

    assert "".join(map(decode_words, words)) == text


@given(TEXTS)
def test_another_decoder_reads_the_same(text: str) -> None:
    decoded = email.header.decode_header(encode_words(text, LONGEST))

    assert "".join(octets.decode(charset or "") for octets, charset in decoded) == text


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("Tŷ Mawr", "=?utf-8?q?T=C5=B7_Mawr?="),
        ("Cyngor Tŷ Mawr: a_b", "=?utf-8?q?Cyngor_T=C5=B7_Mawr=3A_a=5Fb?="),
        ("Вода", "=?utf-8?b?0JLQvtC00LA=?="),
    ],
)
def test_the_shorter_encoding_is_taken(text: str, encoded: str) -> None:
    """Section 5, rule 3: what a display name may not hold is escaped everywhere."""
    assert encode_words(text, LONGEST) == encoded
