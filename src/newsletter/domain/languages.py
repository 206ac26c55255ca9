"""Language tags, and words by language.

A tag is BCP 47, the subset that names a language, a script and a region.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


def is_language_tag(text: str) -> bool:
    """Whether `text` is a language tag in its canonical spelling: `cy`, `en-GB`, `zh-Hant`."""
    return _TAG.fullmatch(text) is not None


def in_language(words: Mapping[str, str], language: str) -> str:
    """The words in `language`, else in the first that has any: a fact is never left out.

    "" when there are none at all.
    """
    return words.get(language) or next(filter(None, words.values()), "")
