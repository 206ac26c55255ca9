"""Header values: nothing hostile gets in, and all words come out as they went in."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.domain.errors import BadInput
from newsletter.mail.header_rules import (
    HeaderValueError,
    check_bare_value,
    check_header_text,
    encode_phrase,
    encode_text,
    mailbox,
    without_controls,
)
from tests.independent_decoder import decode_phrase, decode_words, encoded_words, unfold

CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xD800)]
WORDS = [
    "Dŵr", "llifogydd", "–", "a", "report", "cyhoeddus:", "“ymgynghoriad”", "(2026)", "x,y", "’r",
    "🙂", "👩🏽‍🚒", "annual", "ŷ", "=?utf-8?q?x?=", 'w"q', "a@b", " two", "\\", "<x>", "=?", "?=",
    ".", "x" * 80,
]  # fmt: skip
HEADER_TEXTS = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join),
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200),
)


@pytest.mark.parametrize("character", CONTROLS, ids=ascii)
def test_no_control_character_gets_into_a_header(character: str) -> None:
    """M12: CR, LF, NUL, every other C0, DEL, every C1, U+2028 and U+2029."""
    for check in (encode_phrase, lambda text: encode_text("Subject", text)):
        with pytest.raises(BadInput):
            check(f"News{character}Bcc: someone@example.org")

    assert without_controls(f"a{character}b") == "a b"


def test_the_refusal_names_the_field_and_the_character() -> None:
    with pytest.raises(BadInput, match=r"the From name has a line break in it"):
        check_header_text("the From name", "News\nBcc: x")


def test_a_plain_subject_stands_as_it_is() -> None:
    assert encode_text("Subject", "News of October, (2026)") == "News of October, (2026)"


def test_a_long_plain_subject_is_folded_at_spaces() -> None:
    subject = "Report on the year " * 12 + "end"

    folded = encode_text("Subject", subject)

    assert unfold(folded) == subject
    assert max(map(len, f"Subject: {folded}".split("\r\n"))) <= 78
    assert "=?" not in folded


@given(HEADER_TEXTS)
@example("a  b" * 400)
@example("x" * 69 + "  " + "y" * 80)
@example(" edges ")
@example("x" * 2000)
def test_every_subject_comes_back_to_the_letter(subject: str) -> None:
    """M5, M6; judged by a decoder of our own."""
    value = encode_text("Subject", subject)

    assert decode_words(unfold(value)) == subject
    assert value == value.strip(" ")
    _assert_well_folded(f"Subject: {value}")


@given(HEADER_TEXTS)
@example('"' * 100)
@example('\\ is not \\"')
@example("x" * 1000)
@example("Cyngor Tŷ Mawr, " * 20)
def test_every_display_name_comes_back_to_the_letter(name: str) -> None:
    """M4, M5, M6."""
    folded = mailbox("List-ID", name, "monthly.mail.example.org")
    phrase, _, value = unfold(folded).rpartition(" ")

    assert decode_phrase(phrase) == name
    assert value == "<monthly.mail.example.org>"
    assert all(re.fullmatch(r"=\?utf-8\?(b\?[A-Za-z0-9+/=]*|q\?[A-Za-z0-9!*+/=_-]*)\?=", word)
               for word in encoded_words(phrase) if not phrase.startswith('"'))  # fmt: skip
    _assert_well_folded(f"List-ID: {folded}")


def test_a_short_mailbox_is_on_one_line() -> None:
    value = mailbox("From", "Cyngor Ty Mawr", "news@example.org")

    assert value == '"Cyngor Ty Mawr" <news@example.org>'


@pytest.mark.parametrize("value", ["", "a b", "<a>", "a\r\nb", "ŵ", "=?utf-8?q?x?=", "a" * 901])
def test_a_structured_header_holds_one_bare_ascii_value(value: str) -> None:
    """M2, M4, M12."""
    with pytest.raises(HeaderValueError):
        check_bare_value("Message-ID", value)


def test_a_long_bare_value_is_left_whole() -> None:
    """M4: the standard library would make encoded-words of it."""
    assert check_bare_value("List-Unsubscribe", "a" * 400) == "a" * 400


def _assert_well_folded(field: str) -> None:
    for line in field.split("\r\n"):
        assert line.isascii()
        assert line.strip(" ")
        assert len(line) <= (76 if "=?utf-8?" in line else 998)
    assert all(len(word) <= 75 for word in encoded_words(field))
