"""Values of attributes, as people write them in lists."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.attributes import (
    LONGEST_TEXT,
    MOST_ENTRIES,
    AttributeType,
    AttributeValue,
    read_value,
)
from newsletter.domain.errors import BadInput


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (AttributeType.TEXT, " Sir Gâr ", "Sir Gâr"),
        (AttributeType.NUMBER, "12", 12),
        (AttributeType.NUMBER, "-12.50", -12.5),
        (AttributeType.NUMBER, "3.0", 3),
        (AttributeType.DATE, "2026-10-31", "2026-10-31"),
        (AttributeType.BOOLEAN, "Yes", True),
        (AttributeType.BOOLEAN, "nac ydw", False),
        (AttributeType.LIST, '"Press","Councillors", Press', ["Councillors", "Press"]),
        (AttributeType.LIST, "one", ["one"]),
    ],
)
def test_a_value_is_read_as_its_type(kind: AttributeType, text: str, value: AttributeValue) -> None:
    read = read_value(kind, text)

    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        (AttributeType.TEXT, "two\nlines", "line break"),
        (AttributeType.TEXT, "x" * (LONGEST_TEXT + 1), "longer than 500"),
        (AttributeType.NUMBER, "a dozen", "not a number"),
        (AttributeType.NUMBER, "1,5", "not a number"),
        (AttributeType.DATE, "31/10/2026", "not a date"),
        (AttributeType.BOOLEAN, "perhaps", "neither yes nor no"),
        (AttributeType.LIST, ",".join(map(str, range(MOST_ENTRIES + 1))), "more than 100"),
        (AttributeType.LIST, '"never closed', "cannot be told apart"),
    ],
)
def test_what_is_not_of_the_type_is_told_with_the_cure(
    kind: AttributeType, text: str, told: str
) -> None:
    with pytest.raises(BadInput, match=told) as caught:
        read_value(kind, text)

    assert caught.value.cure


def test_letters_with_accents_are_kept_in_the_form_that_segments_compare() -> None:
    assert read_value(AttributeType.TEXT, unicodedata.normalize("NFD", "Môn")) == "Môn"


@given(st.sampled_from(AttributeType), st.text(min_size=1).filter(str.strip))
def test_any_text_is_a_value_or_a_clear_error(kind: AttributeType, text: str) -> None:
    try:
        value = read_value(kind, text)
    except BadInput:
        return

    assert value == [] or value is not None


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=10)))
def test_a_list_is_sorted_and_says_nothing_twice(entries: list[str]) -> None:
    text = ",".join(f'"{entry.replace(chr(34), chr(34) * 2)}"' for entry in entries)

    try:
        value = read_value(AttributeType.LIST, text)
    except BadInput:
        return

    assert isinstance(value, list)
    assert value == sorted(set(value))
