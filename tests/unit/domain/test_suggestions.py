"""What a person may have meant."""

from __future__ import annotations

from newsletter.domain.suggestions import nearest


def test_the_nearest_known_word_is_meant() -> None:
    assert nearest("lettr", ["article", "letter", "litter"]) == "letter"
    assert nearest("article", iter(["article", "articles"])) == "article"


def test_nothing_is_meant_where_nothing_is_like_it() -> None:
    assert nearest("xyz", ["article", "letter"]) is None
    assert nearest("letter", []) is None


def test_less_likeness_may_be_asked_for() -> None:
    assert nearest("email", ["e-mail address"], likeness=0.4) == "e-mail address"
    assert nearest("email", ["e-mail address"]) is None
