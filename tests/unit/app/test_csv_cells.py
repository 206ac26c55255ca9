"""Cells that are no formulas (X10)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.app.csv_cells import escape_cell, unescape_cell

TRICKY = st.text(st.sampled_from("=+-@\t\r '\"ab"), max_size=6)


@given(TRICKY | st.text())
def test_a_cell_comes_back_as_it_was(text: str) -> None:
    assert unescape_cell(escape_cell(text)) == text


@given(TRICKY)
def test_no_written_cell_begins_like_a_formula(text: str) -> None:
    written = escape_cell(text)

    bare = written.lstrip(" \"'")
    assert written.startswith("'") or not bare.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("text", ["Dai", "O'Neill", "'tis", "a=b", "", "'", "Siân-Elin"])
def test_ordinary_cells_are_left_alone(text: str) -> None:
    assert escape_cell(text) == text
    assert unescape_cell(text) == text
