"""The texts of an edition as its readers take them in, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from newsletter.composer.checks.examined import Writing
from newsletter.composer.findings.findings import Place
from newsletter.composer.reading.passages import Passage
from newsletter.composer.words.blocks import Block
from newsletter.composer.words.merge_values import Marks


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph, heading, item or line, merge values as their fallbacks.

    `lowered` is `words` in small letters, its apostrophes straight, and `tokens` its parts between
    spaces, punctuation still on them.
    """

    passage: Passage
    block: Block
    place: Place
    words: str
    lowered: str
    tokens: tuple[str, ...]

    @property
    def field(self) -> str:
        """The last part of the path: `alt`, `label`."""
        return last_of(self.place)


def texts_of(writing: Writing) -> Iterator[Text]:
    """Every text that a reader of this language takes in, in order."""
    for passage in writing.passages:
        if not passage.is_words:
            continue
        for block in passage.blocks():
            words = as_read(block.words, writing.marks)
            place = in_row(passage, block.row)
            yield Text(passage, block, place, words, *_in_small_letters(words))


@lru_cache(maxsize=2048)
def _in_small_letters(words: str) -> tuple[str, tuple[str, ...]]:
    lowered = words.lower().replace("’", "'")
    return lowered, tuple(lowered.split())


def everything(texts: Iterable[Text]) -> str:
    """All texts in small letters, one below the other: to see at once what none of them holds."""
    return "\n".join(text.lowered for text in texts)


def as_read(words: str, marks: Marks) -> str:
    """`words` as somebody reads them of whom nothing is known: merge values are their fallbacks."""
    if "xq" not in words:
        return words
    return "".join(
        piece if isinstance(piece, str) else piece.fallback for piece in marks.split(words)
    )


def in_row(passage: Passage, row: int) -> Place:
    """The place of a row of the passage, counted from 0; of the whole when it has but one."""
    place = passage.place
    return (
        Place(place.language, place.section, place.field, row) if "\n" in passage.source else place
    )


def at_offset(passage: Passage, offset: int) -> Place:
    """The place of a character of what was written."""
    return in_row(passage, passage.source.count("\n", 0, offset))


def last_of(place: Place) -> str:
    """The last part of a place's path."""
    return (place.field or "").rpartition(".")[2]


def group_of(place: Place) -> tuple[int | None, str]:
    """What places have in common that stand in one group: `link.label` and `link.url`."""
    return place.section, (place.field or "").rpartition(".")[0]


def beginning(words: str, most: int = 40) -> str:
    """The first words of a text, for a message: at most so many characters, and an ellipsis."""
    if len(words) <= most:
        return words
    whole = words[:most].rpartition(" ")[0] or words[:most]
    return whole.rstrip(" ,;:") + "…"
