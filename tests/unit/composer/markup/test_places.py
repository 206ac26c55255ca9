from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from newsletter.composer.markup.places import (
    Place,
    mark_places,
    place_before,
    place_of_byte,
    without_places,
)

SOURCE = st.text(st.sampled_from('<>/a b\n{%}#é"'), max_size=60)


@given(SOURCE)
def test_markers_change_nothing_but_what_they_add(source: str) -> None:
    marked = mark_places(source, "x.mjml.j2")

    assert without_places(marked) == source


@given(SOURCE)
def test_each_tag_outside_jinja_is_marked_with_its_line(source: str) -> None:
    lines = [
        source.count("\n", 0, tag.start()) + 1
        for tag in re.finditer(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|</?[ab]", source, re.DOTALL)
        if tag[0].startswith("<")
    ]

    marked = mark_places(source, "x")

    assert [place_before(marked, tag.start()) for tag in re.finditer("\x02", marked)] == [
        Place("x", line) for line in lines
    ]


def test_what_jinja_reads_is_not_touched() -> None:
    source = '{% if a <b %}{{ "<b>" }}{# <b> #}{% endif %}'

    assert mark_places(source, "x") == source


def test_a_position_before_all_markers_has_no_place() -> None:
    marked = "words" + mark_places("<b>", "x")

    assert place_before(marked, 3) is None
    assert place_of_byte(marked, 3) is None


def test_bytes_are_counted_as_the_engine_counts_them() -> None:
    marked = mark_places("éé<a>\n<b>", "x")

    assert place_of_byte(marked, 3) is None
    assert place_of_byte(marked, 4) == ("x", 1)
    assert place_of_byte(marked, 8) == ("x", 2)


def test_what_looks_like_a_marker_and_is_none_has_no_place() -> None:
    assert place_before("\x01words\x02<b>", 9) is None
    assert place_before("\x01x:1<b>", 5) is None
