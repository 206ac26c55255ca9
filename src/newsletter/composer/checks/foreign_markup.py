"""Markdown that other programs know and this one does not: foreign-markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsletter.composer.checks.texts import at_offset, beginning
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.kinds.kinds import FieldType
from newsletter.composer.reading.passages import Passage


@dataclass(frozen=True, slots=True)
class _Markup:
    """A case of the rule: a sign that is cheap to look for, and what is found around it."""

    case: str
    sign: str
    pattern: re.Pattern[str]


_ANYWHERE = (
    _Markup("image", "![", re.compile(r"(?<!\\)!\[[^\[\]\n]*\]\([^()\n]+\)")),
    _Markup("struck", "~~", re.compile(r"(?<![~\\])~~(?=[^\s~])[^~\n]+(?<=\S)~~(?!~)")),
    _Markup("footnote", "[^", re.compile(r"(?<!\\)\[\^[^\[\]\s]+\]")),
)
_IN_RICH_TEXT = (
    # A row of any words, and below it the line of dashes.
    _Markup("table", "|", re.compile(r"^[^|\n]*\|[^\n]*\n(?=[ :-]*\|)[ |:]*-[ |:-]*$", re.M)),
    # From the fence that opens it to the one that closes it, or to the end.
    _Markup("code", "```", re.compile(r"^ *```.*?(?:^ *```|\Z)", re.M | re.S)),
    *_ANYWHERE,
)
_IN_WORDS = (
    *_ANYWHERE,
    _Markup("emphasis", "**", re.compile(r"\*\*(?=[^\s*])[^*\n]+(?<=\S)\*\*")),
)
_KNOWN_IN = {FieldType.RICH_TEXT: _IN_RICH_TEXT, FieldType.WORDS: _IN_WORDS}


def check_foreign_markup(passages: Iterable[Passage], findings: FindingList) -> None:
    """Note each piece of Markdown whose signs would stand among the words as they are."""
    for passage in passages:
        for case, found in _found_in(passage):
            place = at_offset(passage, found.start())
            written = beginning(found[0].strip().partition("\n")[0])
            findings.add("foreign-markup", case, place, written=written)


def _found_in(passage: Passage) -> Iterator[tuple[str, re.Match[str]]]:
    for markup in _KNOWN_IN.get(passage.field.type, ()):
        if markup.sign in passage.source:
            for found in markup.pattern.finditer(passage.source):
                yield markup.case, found
