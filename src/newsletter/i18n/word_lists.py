"""Words of a language that the checks look for, in `checks.toml` beside the program's own words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from newsletter.i18n import FALLBACK

WordLists = Mapping[str, tuple[str, ...]]
"""The lists of one language by name."""

_FILE = "checks.toml"


@cache
def word_lists(language: str) -> WordLists:
    """The lists of `language`; `cy-GB` is served by `cy`.

    Of a language that nobody has described every list is empty: to look for English words in it
    would find faults where there are none.
    """
    for candidate in (language, language.split("-", maxsplit=1)[0]):
        file = files("newsletter.i18n").joinpath(candidate, _FILE)
        if file.is_file():
            read = tomllib.loads(file.read_text(encoding="utf-8"))
            return MappingProxyType({name: tuple(words) for name, words in read.items()})
    return MappingProxyType(dict.fromkeys(word_lists(FALLBACK), ()))
