from __future__ import annotations

import pytest

from newsletter.i18n import languages, strings
from newsletter.i18n.language_facts import direction, english_name, name_in, own_name


@pytest.mark.parametrize(
    ("tag", "own", "english"),
    [
        ("cy", "Cymraeg", "Welsh"),
        ("en", "English", "English"),
        ("ga", "Gaeilge", "Irish"),
        ("qaa", "qaa", "qaa"),
    ],
)
def test_languages_are_named_in_themselves_and_in_english(tag: str, own: str, english: str) -> None:
    assert (own_name(tag), english_name(tag)) == (own, english)


@pytest.mark.parametrize(
    ("tag", "language", "name"),
    [("en", "cy", "Saesneg"), ("cy", "en", "Welsh"), ("qaa", "cy", "qaa"), ("cy", "qaa", "cy")],
)
def test_languages_are_named_in_each_other(tag: str, language: str, name: str) -> None:
    assert name_in(tag, language) == name


@pytest.mark.parametrize(("tag", "expected"), [("cy", "ltr"), ("ar", "rtl"), ("ur", "rtl")])
def test_a_language_knows_its_direction(tag: str, expected: str) -> None:
    """H1: dir as well as lang."""
    assert direction(tag) == expected


def test_our_words_in_the_mail_are_whole_in_every_language() -> None:
    english = strings("email", "en")

    for language in languages():
        words = strings("email", language)
        assert words.keys() == english.keys(), language
        assert "{email}" in words["sent_to"], language
