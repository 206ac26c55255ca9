from __future__ import annotations

import pytest

from newsletter.composer.checks.texts import beginning, texts_of
from newsletter.composer.reading.passages import Passage
from tests.writings import a_writing, line, rich


def test_a_long_text_is_named_by_its_first_words() -> None:
    assert beginning("All is well.") == "All is well."
    assert beginning("The quay, the wall, and the old lighthouse", 20) == "The quay, the wall…"


def test_a_text_without_spaces_is_cut_where_it_is_long_enough() -> None:
    assert beginning("x" * 50, 10) == "x" * 10 + "…"


def test_each_block_of_a_text_stands_in_its_own_row() -> None:
    words = "One\ntwo.\n\n- three\n- four\n\n> five\n"

    texts = [text for text in texts_of(a_writing(rich(words))) if text.place.field == "body"]

    assert [(text.words, text.place.row) for text in texts] == [
        ("One two.", 0),
        ("three", 3),
        ("four", 4),
        ("five", 6),
    ]


@pytest.mark.parametrize("passage", [line("All is well."), rich("All is well.")])
def test_a_text_of_one_line_is_placed_by_its_key(passage: Passage) -> None:
    (_, text) = texts_of(a_writing(passage))

    assert text.place.row is None


def test_small_letters_have_straight_apostrophes() -> None:
    (_, text) = texts_of(a_writing(line("Mae’r CEI")))

    assert (text.words, text.lowered, text.tokens) == ("Mae’r CEI", "mae'r cei", ("mae'r", "cei"))
