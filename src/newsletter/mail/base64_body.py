"""Base64 with slots in it, for text that quoted-printable would make much longer.

Base64 writes three octets as four characters (RFC 2045 section 6.8), so what stands after a value
depends on that value's length: but only on its remainder by three. Each stretch of finished text is
therefore encoded beforehand in the three ways that are possible, and for each reader only the value
is encoded, with the one or two octets on either side of it that complete its groups of three.
"""

from __future__ import annotations

import html
from binascii import b2a_base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeAlias

from newsletter.mail.header_rules import without_controls
from newsletter.mail.page_links import LinkedPiece, LinkToken, WordSlot
from newsletter.mail.slots import SlotValues

_OCTETS_PER_LINE = 57
"""They make the 76 characters that a line may have."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """A stretch of text cut to follow octets that lack some to a whole group of three.

    `head` is what they lack, `lines` all whole groups after it, encoded, and `tail` the rest. What
    is too short to be cut is all head.
    """

    head: bytes
    lines: bytes
    tail: bytes


_Stretch: TypeAlias = tuple[_Cut, _Cut, _Cut]
"""The cuts whose heads have 0, 1 and 2 octets."""

_Value: TypeAlias = Callable[[SlotValues], bytes]


class Base64Body:
    """A whole body, encoded but for its values."""

    def __init__(self, pieces: Iterable[LinkedPiece], *, in_html: bool) -> None:
        self._steps = [_step(piece, in_html=in_html) for piece in pieces]

    def encode(self, values: SlotValues) -> bytes:
        """One reader's body in lines of at most 76 characters, each with its line break."""
        done: list[bytes] = []
        loose = b""  # octets whose groups are not complete yet
        for step in self._steps:
            if not isinstance(step, tuple):
                loose += step(values)
                continue
            cut = step[-len(loose) % 3]
            loose += cut.head
            if cut.lines:
                done += (_lines(loose), cut.lines)
                loose = cut.tail
        done.append(_lines(loose))
        return b"".join(done)


def _step(piece: LinkedPiece, *, in_html: bool) -> _Stretch | _Value:
    if isinstance(piece, str):
        octets = piece.replace("\n", "\r\n").encode()
        return _cut(octets, 0), _cut(octets, 1), _cut(octets, 2)
    if isinstance(piece, LinkToken):
        token = attrgetter(f"tokens.{piece.value}")
        return lambda values: token(values).encode()
    return lambda values: _word(piece, values, in_html=in_html)


def _word(slot: WordSlot, values: SlotValues, *, in_html: bool) -> bytes:
    word = without_controls(values.word(slot))
    return (html.escape(word) if in_html else word).encode()


def _cut(octets: bytes, head: int) -> _Cut:
    end = len(octets) - (len(octets) - head) % 3
    if end <= head:
        return _Cut(octets, b"", b"")
    return _Cut(octets[:head], _lines(octets[head:end]), octets[end:])


def _lines(octets: bytes) -> bytes:
    if 0 < len(octets) <= _OCTETS_PER_LINE:  # what is encoded for each reader seldom is more
        return _line(octets)
    places = range(0, len(octets), _OCTETS_PER_LINE)
    return b"".join(_line(octets[place : place + _OCTETS_PER_LINE]) for place in places)


def _line(octets: bytes) -> bytes:
    return b2a_base64(octets, newline=False) + b"\r\n"
