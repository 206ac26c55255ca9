"""The two bodies of a message, text and HTML, each encoded but for its slots.

Quoted-printable in UTF-8 (M3), or base64 where that is shorter: for text that is mostly beyond the
Latin letters.
"""

from __future__ import annotations

import quopri
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from newsletter.mail.base64_body import Base64Body
from newsletter.mail.filling import FillingPiece, Gap
from newsletter.mail.page_links import LinkedPiece, LinkToken, WordSlot
from newsletter.mail.quoted_printable import (
    HTML_ESCAPES,
    SOFT_BREAK,
    TEXT_ESCAPES,
    encode_ending,
    encode_literal,
    encode_value,
)
from newsletter.mail.slots import SlotValues, pieces_from_json, pieces_to_json

_BASE64_GROWTH = 4 / 3 * 78 / 76
"""Octets of base64 for each octet that is encoded, line breaks counted in."""


class Encoding(StrEnum):
    """A Content-Transfer-Encoding."""

    QUOTED_PRINTABLE = "quoted-printable"
    BASE64 = "base64"


@dataclass(frozen=True, slots=True)
class EncodedBody:
    """A body's pieces, with a line break at its end.

    Its text is encoded already in quoted-printable; for base64, where how a text is encoded depends
    on what stands before it, it is as it was written, lines parted by `\\n`.
    """

    encoding: Encoding
    in_html: bool
    pieces: tuple[LinkedPiece, ...]

    def for_filling(self) -> Iterator[FillingPiece]:
        """The body as the bytes and gaps of a message."""
        if self.encoding is Encoding.BASE64:
            yield Base64Body(self.pieces, in_html=self.in_html)
            return
        for piece in self.pieces:
            if isinstance(piece, str):
                yield piece.encode("ascii")
            elif isinstance(piece, LinkToken):
                # A token has the length of a line at most, and no dot: it needs a soft break only.
                yield from (Gap[piece.name], SOFT_BREAK.encode())
            else:
                yield _QuotedWord(piece, self.in_html)

    def as_written(self) -> tuple[LinkedPiece, ...]:
        """The body's text before it was encoded, lines parted by `\\n`, with its slots."""
        if self.encoding is Encoding.BASE64:
            return self.pieces
        return tuple(_decoded(one) if isinstance(one, str) else one for one in self.pieces)

    def as_json(self) -> dict[str, Any]:
        """The body as JSON, lossless."""
        return {"encoding": self.encoding.value, "pieces": pieces_to_json(self.pieces)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any], *, in_html: bool) -> EncodedBody:
        """The body that `as_json` gave."""
        return cls(Encoding(data["encoding"]), in_html, pieces_from_json(data["pieces"]))


@dataclass(frozen=True, slots=True)
class _QuotedWord:
    """A word's place in a quoted-printable body."""

    slot: WordSlot
    in_html: bool

    def encode(self, values: SlotValues) -> bytes:
        return encode_value(values.word(self.slot), HTML_ESCAPES if self.in_html else TEXT_ESCAPES)


def encode_body(pieces: Sequence[LinkedPiece], *, in_html: bool) -> EncodedBody:
    """The body of these pieces, in the encoding that makes it shorter.

    It says what is written, line ends of every kind made one kind, and ends in one line break.
    """
    others, last = _parted([_unix(one) if isinstance(one, str) else one for one in pieces])
    quoted = [encode_literal(one) if isinstance(one, str) else one for one in others]
    quoted.append(encode_ending(last))
    if _octets([*others, last]) * _BASE64_GROWTH < _octets(quoted):
        return EncodedBody(Encoding.BASE64, in_html, (*others, last))
    return EncodedBody(Encoding.QUOTED_PRINTABLE, in_html, tuple(quoted))


def _parted(pieces: list[LinkedPiece]) -> tuple[list[LinkedPiece], str]:
    """All but the text at the end, and that, with one line break after it.

    A body may be the whole of a message's: then it must not end in a soft break (RFC 2045 section
    6.7), and its canonical form ends in no empty line (RFC 6376 section 3.4.4). Both could stand
    after a slot at the end, so that gets a space.
    """
    is_text = bool(pieces) and isinstance(pieces[-1], str)
    others, ending = (pieces[:-1], str(pieces[-1]).rstrip("\n")) if is_text else (pieces, "")
    return others, (ending or " ") + "\n"


def _decoded(quoted: str) -> str:
    return _unix(quopri.decodestring(quoted.encode("ascii")).decode())


def _octets(pieces: Iterable[LinkedPiece]) -> int:
    return sum(len(piece.encode()) for piece in pieces if isinstance(piece, str))


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
