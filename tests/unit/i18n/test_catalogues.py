"""The program's own words: the same in every language, and none missing."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from string import Formatter

import pytest

from newsletter import i18n
from newsletter.i18n import languages, strings

PLACES = sorted(
    one.name.removesuffix(".toml")
    for one in files(i18n).joinpath("en").iterdir()
    if one.name != "checks.toml"  # lists of words
)
IN_EVERY_LANGUAGE = pytest.mark.parametrize(
    ("place", "language"), [(place, one) for place in PLACES for one in languages()]
)


def test_english_and_welsh_are_spoken() -> None:
    assert set(languages()) >= {"en", "cy"}
    assert set(PLACES) >= {"email", "pages"}


@IN_EVERY_LANGUAGE
def test_every_language_has_the_same_keys_and_no_empty_words(place: str, language: str) -> None:
    words = strings(place, language)

    assert words.language == language
    assert words.keys() == strings(place, "en").keys()
    assert [key for key in sorted(words.keys()) if not words[key].strip()] == []


@IN_EVERY_LANGUAGE
def test_no_key_is_in_two_files_of_a_place(place: str, language: str) -> None:
    folder = files(i18n).joinpath(language, place)
    if folder.is_dir():
        each = [tomllib.loads(file.read_text(encoding="utf-8")) for file in folder.iterdir()]
        keys = [key for one in each for key in one]
        assert len(keys) == len(set(keys))


@IN_EVERY_LANGUAGE
def test_every_language_has_the_same_placeholders(place: str, language: str) -> None:
    words, english = strings(place, language), strings(place, "en")

    differing = [
        key for key in sorted(words.keys()) if _fields(words[key]) != _fields(english[key])
    ]

    assert differing == []


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_left_untranslated(place: str) -> None:
    welsh, english = strings(place, "cy"), strings(place, "en")

    assert [key for key in sorted(welsh.keys()) if welsh[key] == english[key]] == []


def test_a_regional_tag_is_served_by_its_language_and_an_unknown_one_by_english() -> None:
    assert strings("pages", "cy-GB").language == "cy"
    assert strings("pages", "pl").language == "en"


def test_a_place_without_words_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        strings("nowhere", "en")


def _fields(words: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(words) if field is not None}
