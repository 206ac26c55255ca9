"""Slots are filled with one reader's values, each escaped for where it lands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from newsletter.domain.compiled import ADDRESS_SLOTS, Slot
from newsletter.mail.slots import (
    MissingAddressError,
    fill_html,
    fill_text,
    pieces_from_json,
    pieces_to_json,
)

GREETING = ("Dear ", Slot("name", "reader"), ",\n")


def test_a_value_takes_the_place_of_its_slot() -> None:
    assert fill_text(GREETING, {"name": "Siân"}) == "Dear Siân,\n"


@pytest.mark.parametrize("values", [{}, {"name": ""}])
def test_the_fallback_stands_in_for_an_empty_or_missing_value(values: dict[str, str]) -> None:
    assert fill_text(GREETING, values) == "Dear reader,\n"
    assert fill_html(GREETING, values) == "Dear reader,\n"


@pytest.mark.parametrize("name", ADDRESS_SLOTS)
def test_a_mail_with_a_dead_link_is_never_filled(name: str) -> None:
    for fill in (fill_text, fill_html):
        with pytest.raises(MissingAddressError, match=name):
            fill((Slot(name, "fallback"),), {name: ""})


def test_a_line_break_in_a_value_is_a_space() -> None:
    assert fill_text(GREETING, {"name": "A\r\nB\u2028C"}) == "Dear A  B C,\n"
    assert fill_html(GREETING, {"name": "A\nB"}) == "Dear A B,\n"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1))
def test_no_value_changes_the_structure_of_the_page(value: str) -> None:
    pieces = ('<p title="', Slot("name"), '">', Slot("name"), "</p>")

    paragraph = lxml_html.fromstring(fill_html(pieces, {"name": value}))

    assert paragraph.tag == "p"
    assert paragraph.text == value
    assert dict(paragraph.attrib) == {"title": value}
    assert len(paragraph) == 0


def test_a_fallback_is_escaped_like_a_value() -> None:
    assert fill_html((Slot("name", "a<b"),), {}) == "a&lt;b"


def test_pieces_come_back_from_json_as_they_were() -> None:
    assert pieces_to_json(GREETING) == [
        "Dear ",
        {"slot": "name", "fallback": "reader", "language": ""},
        ",\n",
    ]
    assert pieces_from_json(pieces_to_json(GREETING)) == GREETING
