from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.composer.words.merge_values import Marks
from newsletter.composer.words.plain_text import COLUMNS
from newsletter.composer.words.richtext import read_rich_text
from newsletter.composer.words.text_layouts import pairs, quoted, table
from newsletter.domain.compiled import Slot

_LONG = "the height of the water at the gauge below the weir, in metres"
_WORD = st.text(alphabet="abcŵŷ£0.", min_size=1, max_size=9)
_CELL = st.lists(_WORD, max_size=12).map(" ".join)
_TABLES = st.tuples(
    st.lists(st.lists(_CELL, min_size=1, max_size=5), min_size=1, max_size=6),
    st.lists(_CELL, min_size=2, max_size=5),
)


def test_a_table_stands_in_aligned_columns() -> None:
    rows = [["Adult", "£4.50", "£8.00"], ["Bicycle", "£1.00", "£2.00"]]

    assert table(rows, ["Passenger", "Single", "Return"]).splitlines() == [
        "Passenger  Single  Return",
        "---------  ------  ------",
        "Adult      £4.50   £8.00",
        "Bicycle    £1.00   £2.00",
    ]


def test_a_table_wider_than_the_text_becomes_a_block_for_each_row() -> None:
    assert table([["Pont-y-Sidan", "1.2"], ["Llyn", "0.8"]], ["Place", _LONG]).splitlines() == [
        "Place: Pont-y-Sidan",
        "the height of the water at the gauge below the weir, in metres: 1.2",
        "",
        "Place: Llyn",
        "the height of the water at the gauge below the weir, in metres: 0.8",
    ]


def test_a_row_may_lack_a_cell_or_have_one_too_many() -> None:
    assert table([["a"], ["b", "c", "d"]], ["One", "Two"]).splitlines() == [
        "One  Two",
        "---  ---  -",
        "a",
        "b    c    d",
    ]


@given(_TABLES)
def test_no_cell_of_a_table_is_lost_and_no_line_is_too_wide(
    given_table: tuple[list[list[str]], list[str]],
) -> None:
    rows, columns = given_table

    text = table(rows, columns)

    written = text.replace(":", " ").split()
    for cell in [*columns, *(cell for row in rows for cell in row)]:
        assert all(word in written for word in cell.split())
    assert max(map(len, text.splitlines()), default=0) <= COLUMNS


def test_numbers_stand_above_one_another_beside_what_they_count() -> None:
    figures = [
        {"value": "96%", "label": "of letters were answered"},
        {"value": "£62,000", "label": f"was given towards {_LONG}"},
    ]

    assert pairs(figures, "value", "label").splitlines() == [
        "    96%  of letters were answered",
        "£62,000  was given towards the height of the water at the gauge below",
        "         the weir, in metres",
    ]


def test_values_stand_in_columns_as_their_fallbacks_would() -> None:
    name = Marks([]).mark(Slot("name", "x"))
    figures = [{"value": name, "label": "a"}, {"value": "12", "label": "b"}]

    assert pairs(figures, "value", "label").splitlines() == [f" {name}  a", "12  b"]
    assert table([[name, "a"], ["12", "b"]], ["N", "L"]).splitlines() == [
        "N   L",
        "--  -",
        f"{name}   a",
        "12  b",
    ]


def as_quotation(source: str) -> str:
    return quoted(read_rich_text(source, Marks([source]), pytest.fail).text)


def test_every_line_of_a_quotation_is_marked_and_none_becomes_too_long() -> None:
    assert as_quotation(f"Here is {_LONG}, as read.\n\n- one\n- two, as {_LONG}").splitlines() == [
        "> Here is the height of the water at the gauge below the weir, in",
        "> metres, as read.",
        ">",
        "> * one",
        "> * two, as the height of the water at the gauge below the weir, in",
        ">   metres",
    ]


def test_a_heading_in_a_quotation_keeps_its_line_below() -> None:
    heading = "The height of the water at the gauge below the weir"

    assert as_quotation(f"### {heading}").splitlines() == [f"> {heading}", "> " + "~" * 51]


def test_a_quotation_with_values_is_wrapped_anew_as_with_their_fallbacks() -> None:
    source = "{name|you} and {name|me} said " * 12
    marks = Marks([source])

    text = quoted(read_rich_text(source, marks, pytest.fail).text)

    filled = source.replace("{name|you}", "you").replace("{name|me}", "me")
    assert marks.readable(text) == as_quotation(filled)


# No digits: of a paragraph that is only “0.”, Markdown makes a list with nothing in it.
_LETTERS = st.text(alphabet="abcŵŷ£.", min_size=1, max_size=9)


@given(st.lists(st.lists(_LETTERS, min_size=1, max_size=40).map(" ".join), min_size=1, max_size=3))
def test_a_quotation_keeps_every_word_and_the_width(paragraphs: list[str]) -> None:
    text = as_quotation("\n\n".join(paragraphs))

    assert re.sub(r"^>", "", text, flags=re.MULTILINE).split() == " ".join(paragraphs).split()
    assert all(line.startswith(">") and len(line) <= COLUMNS for line in text.splitlines())
