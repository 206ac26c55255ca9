"""Words that stand twice in a row, and letters that stand alone: doubled-word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from newsletter.composer.checks.phrases import one_of
from newsletter.composer.checks.texts import Text
from newsletter.composer.findings.findings import FindingList
from newsletter.i18n.word_lists import WordLists

_AFTER = ".,;:!?…)]”’\"'"


def check_doubled_words(texts: Iterable[Text], lists: WordLists, findings: FindingList) -> None:
    """Note each word said twice, but for those that may be, and names: “Bora Bora”."""
    allowed = frozenset(lists["doubled_allowed"])
    if not allowed:  # in a language unknown to us any word may be one of them
        return
    for text in texts:
        for written in _doubled(text, allowed):
            findings.add("doubled-word", "doubled", text.place, written=written)


def check_stray_letters(texts: Iterable[Text], lists: WordLists, findings: FindingList) -> None:
    """Note each letter alone before an article: “celebrated e a year”, but not “option b”."""
    if not lists["articles"]:
        return
    before_letters = frozenset(lists["before_letters"])
    pattern = _stray(lists["articles"])
    for text in texts:
        found = pattern.search(text.lowered)
        before = text.lowered[: found.start()].split()[-1:] if found else []
        if found and before and before[0].isalpha() and before[0] not in before_letters:
            written = f"{before[0]}{text.words[found.start() : found.end()]}"
            findings.add("doubled-word", "stray-letter", text.place, written=written)


def _doubled(text: Text, allowed: frozenset[str]) -> Iterator[str]:
    tokens = text.tokens
    if not any(map(str.startswith, tokens[1:], tokens)):  # most texts, and quickly
        return
    written = text.words.split()
    for position, (first, second) in enumerate(pairwise(tokens)):
        if second.rstrip(_AFTER) == first and first[-1:].isalpha() and first not in allowed:
            pair = written[position : position + 2]
            if not _is_name(pair):
                yield " ".join(pair).rstrip(_AFTER)


def _is_name(pair: Sequence[str]) -> bool:
    return pair[-1][0].isupper()


@cache
def _stray(articles: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf" [b-hj-np-z] {one_of(articles)}\b")
