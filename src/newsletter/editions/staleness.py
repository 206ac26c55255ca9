"""Which translations are older than what they translate.

A translation holds for the first language's words as they stood when it was itself last written, or
when a person last said that it still holds. When those words have changed since, it is stale, until
it is written anew or confirmed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from newsletter.domain.editions import EditionContent, Value


@dataclass(frozen=True, slots=True)
class WordsPlace:
    """Where words by language stand: a section by its id, None for the edition's own, and a dotted
    path; items of a list are counted from 1."""

    section: str | None
    field: str


Words: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stale:
    """A translation that is older than what it translates."""

    language: str
    place: WordsPlace


def stale_translations(
    revisions: Sequence[EditionContent], confirmed: Mapping[str, Collection[int]]
) -> tuple[Stale, ...]:
    """The translations of the last of `revisions` that are stale, in the order of the edition.

    `revisions` are all of an edition, the first one first; `confirmed` maps a language to the
    positions in `revisions`, counted from 0, at which a person confirmed it.
    """
    held_for: dict[tuple[str, WordsPlace], str] = {}
    before: dict[WordsPlace, Words] = {}
    for position, content in enumerate(revisions):
        current = dict(_words_of(content))
        for place, words in current.items():
            source = words.get(content.languages[0], "")
            for language, text in words.items():
                is_new = before.get(place, {}).get(language) != text
                if is_new or position in confirmed.get(language, ()):
                    held_for[language, place] = source
        before = current
    return tuple(_stale(revisions[-1].languages[0], before, held_for)) if revisions else ()


def _stale(
    first: str, current: Mapping[WordsPlace, Words], held_for: Mapping[tuple[str, WordsPlace], str]
) -> Iterator[Stale]:
    for place, words in current.items():
        source = words.get(first, "")
        for language, text in words.items():
            is_translated = language != first and bool(text.strip() and source.strip())
            if is_translated and held_for[language, place] != source:
                yield Stale(language, place)


def _words_of(content: EditionContent) -> Iterator[tuple[WordsPlace, Words]]:
    yield WordsPlace(None, "subject"), content.subject
    yield WordsPlace(None, "preheader"), content.preheader
    for section in content.sections:
        for path, words in _words_in(section.fields, "", content.languages):
            yield WordsPlace(section.id, path), words


def _words_in(value: Value, path: str, languages: Collection[str]) -> Iterator[tuple[str, Words]]:
    if isinstance(value, Mapping):
        if value and value.keys() <= set(languages):
            yield path, {language: str(text) for language, text in value.items()}
            return
        for name, inner in value.items():
            yield from _words_in(inner, f"{path}.{name}" if path else name, languages)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from _words_in_items(value, path, languages)


def _words_in_items(
    items: Iterable[Value], path: str, languages: Collection[str]
) -> Iterator[tuple[str, Words]]:
    for number, item in enumerate(items, start=1):
        yield from _words_in(item, f"{path}.{number}", languages)
