"""What was never filled in: placeholder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from newsletter.composer.checks.phrases import any_of, one_of
from newsletter.composer.checks.texts import Text, at_offset
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.reading.passages import Passage
from newsletter.composer.words.blocks import BlockKind
from newsletter.i18n.word_lists import WordLists

_MERGE_VALUE = re.compile(
    r"\*\|[^|*\n]{1,40}\|\*"  # Mailchimp
    r"|<<[^<>\n]{1,40}>>|%%[\w. ]{1,40}%%|\[\[[\w. :-]{1,40}\]\]|#\{\w{1,40}\}"
    # A doubled brace may be a real one, so only what names something about the reader.
    r"|\{\{ ?(?=[^}\n]{0,40}(?:name|mail|unsub|contact|recipient|user|url))[\w. |:'\"-]{1,60}\}\}",
    re.IGNORECASE,
)
_MERGE_SIGNS = ("*|", "<<", "%%", "[[", "#{", "{{")
_LOREM_IPSUM = re.compile(r"\b(?:lorem ipsum|dolor sit amet)\b", re.IGNORECASE)
_CROSSES = re.compile(r"\bx{3,}\b|\bX{4,}\b|\bXX+/XX+(?:/XX+)?\b")  # XXX may be thirty


def check_placeholders(
    passages: Iterable[Passage], texts: Iterable[Text], lists: WordLists, findings: FindingList
) -> None:
    """Note what stands where words should: in the source, for Markdown bends some of it."""
    left_over = _LeftOver(lists)
    for passage in passages:
        if passage.is_words:
            for case, found in left_over.in_source(passage.source):
                place = at_offset(passage, found.start())
                findings.add("placeholder", case, place, written=found[0])
    stand_ins = frozenset(lists["stand_ins"])
    for text in texts:
        if text.lowered.strip(" .:…") in stand_ins and _is_all_there_is(text):
            findings.add("placeholder", "stand-in", text.place, written=text.words)


class _LeftOver:
    """Finds what was left over, each kind once in a text; it looks for cheap signs of it first."""

    def __init__(self, lists: WordLists) -> None:
        self._signs = lists["unfinished"]
        self._unfinished = any_of(self._signs)
        self._insert = lists["insert_here"][0] if self._signs else ""
        self._insert_here = _insert_here(lists["insert_here"])
        self._bracketed = _bracketed(lists["bracketed"], lists["bracket_openings"])

    def in_source(self, source: str) -> Iterator[tuple[str, re.Match[str]]]:
        for case, pattern in self._likely(source):
            found = pattern.search(source)
            if found:
                yield case, found

    def _likely(self, source: str) -> Iterator[tuple[str, re.Pattern[str]]]:
        lowered = source.lower()
        if any(sign in source for sign in _MERGE_SIGNS):
            yield "merge-value", _MERGE_VALUE
        if "lorem ipsum" in lowered or "dolor sit" in lowered:
            yield "lorem-ipsum", _LOREM_IPSUM
        if "xx" in lowered:
            yield "unfinished", _CROSSES
        if any(sign in source for sign in self._signs):
            yield "unfinished", self._unfinished
        if self._insert and self._insert in lowered:
            yield "unfinished", self._insert_here
        if "[" in source:
            yield "unfinished", self._bracketed


def _is_all_there_is(text: Text) -> bool:
    """Whether nothing but the stand-in is there; what stands for an image has a rule of its own."""
    return text.block.kind is not BlockKind.ITEM and text.field != "alt"


@cache
def _insert_here(around: tuple[str, ...]) -> re.Pattern[str]:
    if not around:
        return any_of(())
    insert, here = around
    return re.compile(rf"\b{insert}(?: [\w'’-]+){{1,4}} {here}\b", re.IGNORECASE)


@cache
def _bracketed(whole: tuple[str, ...], openings: tuple[str, ...]) -> re.Pattern[str]:
    """`[date]` and `[insert the date]`, but not the words of a link or of a phrase."""
    if not whole:
        return any_of(())
    return re.compile(
        rf"\[(?:{one_of(whole)}|{one_of(openings)} [^\[\]\n]{{1,40}})\](?![(\{{])", re.IGNORECASE
    )
