"""Merge values: `{name|friend}` in what authors write, and the marks that stand for them.

A merge value becomes an opaque mark before Markdown, MJML and the inliner run, so that none of them
can bend it; at the end the finished text is cut at the marks into pieces and slots. A mark is plain
ASCII letters and digits, which no stage escapes, and carries a nonce that no author's text holds:
the same one nearly always, so that what a text with marks in it comes to can be kept. It also says
how long what it stands for is, so that text can be laid out around it by whoever knows no slots.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256

from newsletter.composer.words.problems import MergeFault, MergeProblem, Report
from newsletter.domain.compiled import ADDRESS_SLOTS, WORD_SLOTS, Piece, Slot
from newsletter.domain.languages import is_language_tag
from newsletter.domain.suggestions import nearest

MARK = re.compile(r"xq[0-9a-f]{10}Z[0-9]+Z[0-9]{1,3}qx")
"""What any mark looks like, whatever its nonce."""

_LENGTH = re.compile(r"Z([0-9]{1,3})qx\Z")
_LONGEST = 999
"""The most characters that a mark can say, so that no text that looks like one makes long lines."""

_ADDRESS_LENGTH = 100
"""About as long as a reader's own address of a page: longer than a line of text."""

_BRACES = re.compile(
    r"(?P<literal>\{\{|\}\})|(?<=\])\{lang=(?P<tag>[^{}\s]*)\}|\{(?P<value>[^{}\n]*)\}|[{}]"
)


class Marks:
    """The marks of one compilation: slots go in as marks, finished text comes back as pieces."""

    def __init__(self, texts: Iterable[str], attributes: Sequence[str] = ()) -> None:
        """`texts` is all that authors wrote; the same texts give the same marks. `attributes` are
        the names of texts that are known of readers, beside those known of everybody."""
        self.words = (*WORD_SLOTS, *attributes)
        everything = "\x00".join(texts)
        digest = sha256(b"newsletter")
        while (nonce := digest.hexdigest()[:10]) in everything:
            digest.update(b"again")
        self._start = f"xq{nonce}Z"
        self._shape = re.compile(rf"{self._start}([0-9]+)Z[0-9]{{1,3}}qx")
        self._numbers: dict[Slot, int] = {}
        self._slots: list[Slot] = []

    def mark(self, slot: Slot) -> str:
        """The mark that stands for `slot`; equal slots share one."""
        if slot not in self._numbers:
            self._numbers[slot] = len(self._slots)
            self._slots.append(slot)
        return f"{self._start}{self._numbers[slot]}Z{_length(slot)}qx"

    def slots_in(self, text: str) -> tuple[Slot, ...]:
        """The slots marked in `text`, in order, repeats included."""
        if not self.is_in(text):  # nearly always, and found out much faster
            return ()
        return tuple(self._slots[int(number)] for number in self._shape.findall(text))

    def readable(self, text: str) -> str:
        """`text` as a person may read it: words for `{name|friend}`, `{view}` for an address."""

        def shown(found: re.Match[str]) -> str:
            slot = self._slots[int(found[1])]
            return f"{{{slot.name}}}" if slot.name in ADDRESS_SLOTS else slot.fallback

        return self._shape.sub(shown, text)

    def is_in(self, text: str) -> bool:
        """Whether any mark stands in `text`."""
        return self._start in text

    def split(self, text: str) -> tuple[Piece, ...]:
        """`text` cut at its marks; no piece is an empty string."""
        parts = self._shape.split(text)
        pieces: list[Piece] = []
        for position, part in enumerate(parts):
            if position % 2:
                pieces.append(self._slots[int(part)])
            elif part:
                pieces.append(part)
        return tuple(pieces)


def shown_length(text: str) -> int:
    """How many characters `text` has when each mark in it is what it stands for: the fallback of a
    value, about 100 for an address."""
    if "xq" not in text:  # nearly always, and found out much faster
        return len(text)
    return len(text) - sum(map(_surplus, MARK.findall(text)))


def shown_within(text: str, room: int) -> int:
    """How many characters of `text`, its marks whole, come before column `room` as it is shown;
    more than it has when there is room left."""
    if "xq" not in text:
        return room
    for found in MARK.finditer(text):
        if found.start() > room:
            break
        room += _surplus(found[0])
        if room < found.end():
            return found.start()
    return room


def mark_values(text: str, marks: Marks, report: Report, *, escape: str = "") -> str:
    """`text` with its merge values as marks and its doubled braces single.

    `escape` goes before each literal brace, so that Markdown does not read it as its own. A faulty
    brace is reported and stays as written. `]{lang=cy}` is not a merge value and stays too.
    """

    def replace(found: re.Match[str]) -> str:
        if found["literal"]:
            return escape + found["literal"][0]
        if found["tag"] is not None:
            if not is_language_tag(found["tag"]):
                report(MergeProblem(MergeFault.LANGUAGE_TAG, found[0], "cy"))
            return found[0]
        outcome = _read_value(found, marks.words)
        if isinstance(outcome, MergeProblem):
            report(outcome)
            return found[0]
        return marks.mark(outcome)

    # Looked for first, since most texts have none.
    return _BRACES.sub(replace, text) if "{" in text or "}" in text else text


def mark_url(url: str, marks: Marks, report: Report) -> str:
    """`url` with a merge value that is the whole of it as a mark; any other brace is reported."""
    name = url[1:-1]
    if url == f"{{{name}}}" and name in ADDRESS_SLOTS:
        return marks.mark(Slot(name))

    def replace(found: re.Match[str]) -> str:
        if found["literal"]:
            return found["literal"][0]
        report(MergeProblem(MergeFault.IN_URL, found[0]))
        return found[0]

    return _BRACES.sub(replace, url)


def _length(slot: Slot) -> int:
    if slot.name in ADDRESS_SLOTS:
        return _ADDRESS_LENGTH
    return min(len(slot.fallback), _LONGEST)


def _surplus(mark: str) -> int:
    """By how much a mark is longer than what it stands for."""
    length = _LENGTH.search(mark)
    return len(mark) - int(length[1]) if length else 0


def _read_value(found: re.Match[str], words: tuple[str, ...]) -> Slot | MergeProblem:
    if found["value"] is None:
        return MergeProblem(MergeFault.STRAY_BRACE, found[0], found[0] * 2)
    name, bar, fallback = found["value"].partition("|")
    if name in ADDRESS_SLOTS and not bar:
        # Whether it stands in a link's address is known once Markdown has read the text.
        return Slot(name)
    if name not in words:
        meant = _meant(name, fallback, words)
        fault = MergeFault.MISSPELT if meant else MergeFault.UNKNOWN
        return MergeProblem(fault, found[0], meant)
    if not bar:
        return MergeProblem(MergeFault.NO_FALLBACK, found[0], f"{{{name}|…}}")
    return Slot(name, fallback)


def _meant(name: str, fallback: str, words: tuple[str, ...]) -> str:
    """The value nearest to `name` as it should be written, or "" when none is near."""
    close = nearest(name.strip().lower(), (*words, *ADDRESS_SLOTS))
    if close is None:
        return ""
    return f"{{{close}}}" if close in ADDRESS_SLOTS else f"{{{close}|{fallback or '…'}}}"
