"""How a text reads: all-caps, long-paragraph, reading-age."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from newsletter.composer.checks.texts import Text, beginning
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.words.blocks import BlockKind

_CAPITALS = "[A-ZÀ-ÖØ-ÞŴŶ][A-ZÀ-ÖØ-ÞŴŶ]+(?:['’-][A-ZÀ-ÖØ-ÞŴŶ]+)*"
_SHOUTED = re.compile(rf"{_CAPITALS}(?: {_CAPITALS})+(?!\w)")
_LEAST_LETTERS = 12
_LEAST_WORDS = 3

_LONGEST_PARAGRAPH = 150

_LEAST_SAMPLE = 100
"""Words below which a measure of how hard a text is says nothing."""

_HARDEST = 18
"""The reading age that school leads to."""

_SENTENCE_END = re.compile(r"[.!?](?=[\s”’\"')]|$)")


def check_readability(texts: Sequence[Text], language: str, findings: FindingList) -> None:
    """Note what makes a text hard to read."""
    for text in texts:
        _check_capitals(text, findings)
        if text.block.kind is not BlockKind.HEADING and len(text.tokens) > _LONGEST_PARAGRAPH:
            count, written = len(text.tokens), beginning(text.words)
            findings.add(
                "long-paragraph",
                "long",
                text.place,
                written=written,
                count=count,
                most=_LONGEST_PARAGRAPH,
            )
    if language.partition("-")[0] == "en":
        _check_reading_age(texts, findings)


def _check_capitals(text: Text, findings: FindingList) -> None:
    found = _SHOUTED.search(text.words)
    if found is None or len(found[0]) < _LEAST_LETTERS:
        return
    is_all_of_it = found[0] == text.words.rstrip(" .!?")
    if is_all_of_it or len(found[0].split()) >= _LEAST_WORDS:
        findings.add("all-caps", "capitals", text.place, written=beginning(found[0]))


def _check_reading_age(texts: Sequence[Text], findings: FindingList) -> None:
    for _, group in groupby(texts, key=lambda text: id(text.passage)):
        blocks = list(group)
        if sum(len(text.tokens) for text in blocks) < _LEAST_SAMPLE:
            continue
        age = round(reading_age(blocks))
        if age > _HARDEST:
            place = blocks[0].passage.place
            findings.add("reading-age", "hard", place, age=age, most=_HARDEST)


def reading_age(texts: Iterable[Text]) -> float:
    """The age at which English can be read: the Automated Readability Index and five years more.

    (Senter and Smith, 1967: letters per word and words per sentence.)
    """
    letters = words = sentences = 0
    for text in texts:
        words += len(text.tokens)
        letters += len(text.words) - len(text.tokens)
        sentences += max(1, len(_SENTENCE_END.findall(text.words)))
    return 4.71 * letters / max(1, words) + 0.5 * words / max(1, sentences) - 21.43 + 5
