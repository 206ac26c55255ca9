"""Words by language, and what stands in for a language without any."""

from __future__ import annotations

import pytest

from newsletter.domain.languages import in_language


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ({"en": "News", "cy": "Newyddion"}, "Newyddion"),
        ({"en": "News"}, "News"),
        ({"cy": "", "en": "", "de": "Nachrichten"}, "Nachrichten"),
        ({}, ""),
    ],
    ids=["its own", "the first", "the first that has any", "none at all"],
)
def test_a_fact_is_never_left_out(words: dict[str, str], shown: str) -> None:
    assert in_language(words, "cy") == shown
