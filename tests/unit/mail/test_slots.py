"""Slots are filled with one reader's values, each escaped for where it lands."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from newsletter.mail.page_links import LinkedPiece, LinkToken, WordSlot
from newsletter.mail.slots import (
    SlotValues,
    fill_header,
    fill_html,
    fill_text,
    pieces_from_json,
    pieces_to_json,
)
from tests.sample_messages import VALUES, with_words

GREETING: tuple[LinkedPiece, ...] = ("Dear ", WordSlot("name", "reader"), ",\n")


def test_a_value_takes_the_place_of_its_slot() -> None:
    assert fill_text(GREETING, with_words(name="Siân")) == "Dear Siân,\n"


@pytest.mark.parametrize("values", [SlotValues({}, VALUES.tokens), with_words(name="")])
def test_the_fallback_stands_in_for_an_empty_or_missing_word(values: SlotValues) -> None:
    assert fill_text(GREETING, values) == "Dear reader,\n"
    assert fill_html(GREETING, values) == "Dear reader,\n"


@pytest.mark.parametrize("link", LinkToken)
def test_each_link_gets_its_own_token(link: LinkToken) -> None:
    tokens = {
        LinkToken.VIEW: "v" * 47,
        LinkToken.UNSUBSCRIBE: "t" * 47,
        LinkToken.PREFERENCES: "p" * 47,
    }

    for fill in (fill_text, fill_html, fill_header):
        assert fill((link, "#why"), VALUES) == f"{tokens[link]}#why"


def test_a_line_break_in_a_word_is_a_space() -> None:
    assert fill_text(GREETING, with_words(name="A\r\nB\u2028C")) == "Dear A  B C,\n"
    assert fill_html(GREETING, with_words(name="A\nB")) == "Dear A B,\n"


def test_a_word_for_a_header_is_not_mended() -> None:
    """M12: the header refuses it."""
    assert fill_header(GREETING, with_words(name="A\nB")) == "Dear A\nB,\n"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1))
def test_no_word_changes_the_structure_of_the_page(word: str) -> None:
    """X3."""
    pieces = ('<p title="', WordSlot("name"), '">', WordSlot("name"), "</p>")

    paragraph = lxml_html.fromstring(fill_html(pieces, with_words(name=word)))

    assert paragraph.tag == "p"
    assert paragraph.text == word
    assert dict(paragraph.attrib) == {"title": word}
    assert len(paragraph) == 0


def test_a_fallback_is_escaped_like_a_word() -> None:
    assert fill_html((WordSlot("name", "a<b"),), with_words(name="")) == "a&lt;b"


def test_pieces_come_back_from_json_as_they_were() -> None:
    pieces = (*GREETING, LinkToken.VIEW)

    data = json.loads(json.dumps(pieces_to_json(pieces)))

    assert data == ["Dear ", {"word": "name", "fallback": "reader"}, ",\n", {"token": "view"}]
    assert pieces_from_json(data) == pieces
