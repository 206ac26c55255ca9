"""Whether a text is in its language: language-suspect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from newsletter.composer.checks.texts import Text, beginning
from newsletter.composer.findings.findings import FindingList
from newsletter.i18n import languages
from newsletter.i18n.language_facts import english_name
from newsletter.i18n.word_lists import word_lists

_LEAST_WORDS = 8
_LEAST_FOREIGN = 3
_TIMES_AS_MANY = 3

_MARKED = re.compile(r"\[([^\[\]]*)\]\{lang=")


def check_text_languages(texts: Iterable[Text], language: str, findings: FindingList) -> None:
    """Note each text whose small words are those of another language.

    Phrases that are marked as being in another language do not count.
    """
    own = _function_words(language)
    others = list(_others(language)) if own else []
    for text in texts:
        if len(text.tokens) < _LEAST_WORDS:
            continue
        for other, words in others:
            if not words.isdisjoint(text.tokens) and _is_in_other(_unmarked(text), own, words):
                findings.add(
                    "language-suspect",
                    "other",
                    text.place,
                    written=beginning(text.words),
                    other=other,
                    other_language=english_name(other),
                )


def _is_in_other(tokens: Sequence[str], own: frozenset[str], other: frozenset[str]) -> bool:
    ours = sum(token in own for token in tokens)
    theirs = sum(token in other for token in tokens)
    return theirs >= _LEAST_FOREIGN and theirs >= _TIMES_AS_MANY * ours


def _others(language: str) -> Iterator[tuple[str, frozenset[str]]]:
    for other in languages():
        if other != language.partition("-")[0]:
            yield other, _function_words(other)


@cache
def _function_words(language: str) -> frozenset[str]:
    return frozenset(word_lists(language)["function_words"])


def _unmarked(text: Text) -> Sequence[str]:
    if "{lang=" not in text.passage.source:
        return text.tokens
    words = text.lowered
    for phrase in _MARKED.findall(text.passage.source):
        words = words.replace(phrase.lower().replace("’", "'"), "")
    return words.split()
