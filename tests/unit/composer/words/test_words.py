from __future__ import annotations

import pytest

from newsletter.composer.words.merge_values import Marks
from newsletter.composer.words.problems import LinkProblem, MergeFault, MergeProblem
from newsletter.composer.words.words import read_words
from newsletter.domain.compiled import Slot


def test_words_are_escaped_for_html_and_not_for_text() -> None:
    words = read_words('<b> & "five"', Marks([]), pytest.fail)

    assert words.html == "&lt;b&gt; &amp; &#34;five&#34;"
    assert words.text == '<b> & "five"'


def test_a_phrase_in_another_language_says_so_in_html_only() -> None:
    """H10: language of parts."""
    words = read_words("Our [Croeso & hwyl]{lang=cy} day", Marks([]), pytest.fail)

    assert words.html == 'Our <span lang="cy">Croeso &amp; hwyl</span> day'
    assert words.text == "Our Croeso & hwyl day"


def test_a_phrase_may_hold_a_value() -> None:
    marks = Marks([])

    words = read_words("[Annwyl {name|gyfaill}]{lang=cy}", marks, pytest.fail)

    assert marks.split(words.text) == ("Annwyl ", Slot("name", "gyfaill"))


def test_markdown_in_words_is_just_characters() -> None:
    assert read_words("**not** [a](link)", Marks([]), pytest.fail).html == "**not** [a](link)"


def test_an_address_among_words_is_reported_and_stays_as_written() -> None:
    problems: list[MergeProblem | LinkProblem] = []

    words = read_words("See {view}", Marks([]), problems.append)

    assert words.text == "See {view}"
    assert problems == [MergeProblem(MergeFault.ADDRESS_IN_WORDS, "{view}", "[…]({view})")]
