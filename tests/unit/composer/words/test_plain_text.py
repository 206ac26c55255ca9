from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.composer.words.merge_values import Marks
from newsletter.composer.words.plain_text import COLUMNS, tidy, underline, wrap
from newsletter.composer.words.richtext import read_rich_text
from newsletter.domain.compiled import Slot


def as_text(source: str) -> str:
    return read_rich_text(source, Marks([source]), pytest.fail).text


def test_a_heading_is_underlined_to_its_length() -> None:
    assert underline("Croeso") == "Croeso\n------"


def test_a_heading_with_a_value_is_underlined_as_if_it_were_the_fallback() -> None:
    name = Marks([]).mark(Slot("name", "x"))

    assert underline(f"Do it {name}") == f"Do it {name}\n-------"
    assert as_text("## Do it {name|x}").splitlines()[1] == "~~~~~~~"


def test_lists_hang_and_number_on() -> None:
    """H18: the text part is as readable as the HTML part."""
    long = "word " * 20

    text = as_text(f"- {long}\n- two\n    1. one\n    2. {long}\n\n9. nine\n10. ten")

    assert text.splitlines() == [
        "* word word word word word word word word word word word word word word",
        "  word word word word word word",
        "* two",
        "  1. one",
        "  2. word word word word word word word word word word word word word",
        "     word word word word word word word",
        "",
        "9. nine",
        "10. ten",
    ]


def test_links_show_label_and_address() -> None:
    """H18: every link with text and URL."""
    assert as_text("[Our page](https://example.org/x) and [us](mailto:us@example.org)") == (
        "Our page (https://example.org/x) and us (us@example.org)"
    )


def test_an_address_that_is_its_own_label_stands_once() -> None:
    assert as_text("<https://example.org/x>") == "https://example.org/x"


def test_a_quotation_is_marked_on_every_line() -> None:
    assert as_text("> one\n>\n> two\n\nafter") == "> one\n>\n> two\n\nafter"


def test_headings_and_rules_inside_a_text_are_marked() -> None:
    assert as_text("## More\n\nwords\n\n***\n\nend") == "More\n~~~~\n\nwords\n\n* * *\n\nend"


def test_a_hard_line_break_stays() -> None:
    assert as_text("1 Bridge Street\\\nAber") == "1 Bridge Street\nAber"


def test_an_address_longer_than_a_line_is_not_broken() -> None:
    address = "https://example.org/" + "long/" * 30

    assert address in wrap(f"See {address} for more").splitlines()


def test_a_value_stands_whole_on_an_empty_or_a_full_line() -> None:
    marks = Marks([])
    long, page = marks.mark(Slot("name", "word " * 20)), marks.mark(Slot("view"))

    assert wrap(f"a {long} b").splitlines() == ["a", long, "b"]
    assert wrap(f"Look: {page}").splitlines() == ["Look:", page]


def test_a_no_break_space_is_never_broken() -> None:
    assert "12\u00a0October" in wrap("x" * 68 + " 12\u00a0October").splitlines()


def test_tidy_leaves_no_runs_of_empty_lines() -> None:
    assert tidy("\n\na  \n\n\n\nb\n\n") == "a\n\nb\n"


_WORDS = st.lists(st.text(alphabet="abcŵŷ.,", min_size=1, max_size=12), min_size=1, max_size=60)


@given(_WORDS)
def test_wrapping_keeps_every_word_and_the_width(words: list[str]) -> None:
    wrapped = wrap(" ".join(words), "* ", "  ")

    assert re.split(r"\s+", wrapped[2:].strip()) == words
    assert max(map(len, wrapped.splitlines())) <= COLUMNS


_VALUES = st.text(alphabet="nm", max_size=12).map(lambda fallback: Slot("name", f"v{fallback}"))


@given(st.lists(_VALUES | st.text(alphabet="abc", min_size=1, max_size=12), min_size=1))
def test_lines_break_around_values_as_around_their_fallbacks(words: list[str | Slot]) -> None:
    marks = Marks([])
    marked = [marks.mark(word) if isinstance(word, Slot) else word for word in words]
    filled = [word.fallback if isinstance(word, Slot) else word for word in words]

    wrapped = wrap(" ".join(marked), "* ", "  ")

    pieces = marks.split(wrapped)
    shown = "".join(one.fallback if isinstance(one, Slot) else one for one in pieces)
    assert shown == wrap(" ".join(filled), "* ", "  ")
