"""Subjects as anybody reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.app.archive.readable_words import readable


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("News for {name|you}", "News for you"),
        ("News {name|} of  {town|the valley}\n", "News of the valley"),
        ("{{braces}}", "{braces}"),
        ("{gone|x} {", "{gone|x} {"),
        ("", ""),
    ],
)
def test_merge_values_are_their_fallbacks(written: str, read: str) -> None:
    assert readable(written, ["town"]) == read


@given(st.text(st.characters(exclude_characters="{}"), max_size=60))
def test_words_without_braces_are_what_they_are(words: str) -> None:
    assert readable(words, []) == " ".join(words.split())
