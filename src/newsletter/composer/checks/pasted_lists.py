"""Lists that only look like lists, and years that became lists: fake-list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from newsletter.composer.checks.texts import Text, beginning, in_row
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.kinds.kinds import FieldType
from newsletter.composer.reading.passages import Passage

_BULLET = re.compile(r"\s*(?:[-*+] +)?(?:[•●▪◦‣⁃■□➢✓✔·\uf0b7]\s*|o\t\s*)(?=\S)")
_DASH = re.compile(r"\s*[–—] +(?=\S)")
_NUMBER = re.compile(
    r"\s*(?:\([0-9a-z]{1,3}\)|[a-z]\)|[ivx]{1,4}\)|\d{1,2}[.)](?=[^\W\d]))\s*(?=\S)"
)
_HIGHEST_NUMBER = 100
"""A list that begins above it is a sentence that begins with a year."""


def check_pasted_lists(
    passages: Iterable[Passage], texts: Iterable[Text], findings: FindingList
) -> None:
    """Note the first item of each list that Markdown does not take for one."""
    for passage in passages:
        if passage.field.type is FieldType.RICH_TEXT:
            for case, row, line in _fake_lists(passage.source.split("\n")):
                written = beginning(line.strip())
                findings.add("fake-list", case, in_row(passage, row), written=written)
    for text in texts:
        if text.block.first_number is not None and text.block.first_number > _HIGHEST_NUMBER:
            findings.add("fake-list", "year", text.place, number=text.block.first_number)


def _fake_lists(lines: list[str]) -> Iterator[tuple[str, int, str]]:
    """The case, row and first line of each run of items that begin alike."""
    last, is_after_gap = None, True
    for row, line in enumerate(lines):
        if not line or line.isspace():
            is_after_gap = True
            continue
        kind = _kind(line)
        if kind and kind is not last and (kind is _BULLET or _goes_on(lines[row + 1 :], kind)):
            yield ("numbers" if kind is _NUMBER else "bullets"), row, line
        if kind or is_after_gap:  # else it goes on with the item above
            last = kind
        is_after_gap = False


def _kind(line: str) -> re.Pattern[str] | None:
    if line[0].isalpha() and line[1:2].isalpha():  # most lines
        return None
    return next((kind for kind in (_BULLET, _DASH, _NUMBER) if kind.match(line)), None)


def _goes_on(lines: list[str], kind: re.Pattern[str]) -> bool:
    """Whether the next line begins alike: one alone may be a dash that the line break left."""
    following = next((line for line in lines if line.strip()), "")
    return kind.match(following) is not None
