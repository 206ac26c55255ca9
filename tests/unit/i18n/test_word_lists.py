"""What the checks know of each language: the same lists, written as they are looked for."""

from __future__ import annotations

import pytest

from newsletter.i18n import languages
from newsletter.i18n.word_lists import word_lists

_CASE_MATTERS = {"unfinished", "better_label"}
_MAY_BE_EMPTY = {"articles"}  # Welsh writes none before a single letter


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_same_lists(language: str) -> None:
    lists = word_lists(language)

    assert lists.keys() == word_lists("en").keys()
    assert [name for name in lists if not lists[name] and name not in _MAY_BE_EMPTY] == []
    assert len(lists["months"]) == 12


@pytest.mark.parametrize("language", languages())
def test_words_are_written_as_they_are_looked_for(language: str) -> None:
    for name, words in word_lists(language).items():
        assert len(set(words)) == len(words), name
        for word in words:
            assert word == word.strip(), f"{name}: {word}"
            assert "’" not in word, f"{name}: {word}"
            assert name in _CASE_MATTERS or word == word.lower(), f"{name}: {word}"


def test_no_language_shares_its_small_words_with_another() -> None:
    english, welsh = (set(word_lists(one)["function_words"]) for one in ("en", "cy"))

    assert english & welsh == set()


def test_a_regional_tag_is_served_by_its_language() -> None:
    assert word_lists("cy-GB") == word_lists("cy")


def test_of_an_unknown_language_nothing_is_known() -> None:
    lists = word_lists("pl")

    assert lists.keys() == word_lists("en").keys()
    assert set(lists.values()) == {()}
