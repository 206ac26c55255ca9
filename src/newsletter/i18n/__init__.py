"""The program's own words for readers, one folder per language, one TOML file per place of use, or
a folder of them where there are many.

Every language holds the same keys (a test compares them). A site language without a folder falls
back to English, whole catalogue by whole catalogue, never string by string: half a page in one
language and half in another is worse than either.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

FALLBACK = "en"


class Strings:
    """The words of one place of use (`email`, `pages`) in one language."""

    def __init__(self, language: str, words: Mapping[str, str]) -> None:
        self.language = language
        self._words = words

    def __getitem__(self, key: str) -> str:
        """The words of `key`; KeyError when the catalogue has no such key."""
        return self._words[key]

    def __contains__(self, key: str) -> bool:
        """Whether the catalogue has this key."""
        return key in self._words

    def keys(self) -> frozenset[str]:
        """All keys, for the test that compares languages."""
        return frozenset(self._words)


@cache
def strings(place: str, language: str) -> Strings:
    """The words of `place` in `language`; `cy-GB` is served by `cy`, an unknown one by English."""
    for candidate in (language, language.split("-", maxsplit=1)[0], FALLBACK):
        found = _files(files(__name__).joinpath(candidate), place)
        if found:
            words = (tomllib.loads(file.read_text(encoding="utf-8")) for file in found)
            return Strings(candidate, {key: text for one in words for key, text in one.items()})
    raise KeyError(place)


def _files(folder: Traversable, place: str) -> list[Traversable]:
    alone, several = folder.joinpath(f"{place}.toml"), folder.joinpath(place)
    if alone.is_file():
        return [alone]
    return sorted(several.iterdir(), key=lambda file: file.name) if several.is_dir() else []


@cache
def languages() -> tuple[str, ...]:
    """The languages that the program itself speaks."""
    return tuple(
        sorted(p.name for p in files(__name__).iterdir() if p.joinpath("email.toml").is_file())
    )
