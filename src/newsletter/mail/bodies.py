"""The two bodies of a message, text and HTML, as bytes with slots between them.

multipart/alternative with the text first and the HTML last (RFC 2046 section 5.1.4; M10), each part
quoted-printable in UTF-8 (M3) and with its own Content-Language (M23).
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from newsletter.domain.compiled import CompiledLanguage, Piece, Slot
from newsletter.mail.header_rules import CRLF, without_controls
from newsletter.mail.quoted_printable import encode_ending, encode_literal, encode_plain
from newsletter.mail.slots import slot_value

_PLAIN = re.compile(r"[!#-%(-;?-~]*")
"""Printable ASCII that neither HTML nor quoted-printable escapes: nearly all values are links."""


@dataclass(frozen=True, slots=True)
class BodySlot:
    """A slot in an encoded body: what it waits for, and whether it lands in HTML."""

    slot: Slot
    in_html: bool

    def encode(self, values: Mapping[str, str]) -> bytes:
        """The value as a piece of the body; control characters in it become spaces."""
        value = slot_value(self.slot, values)
        if _PLAIN.fullmatch(value):
            return encode_plain(value)
        words = without_controls(value)
        return encode_literal(html.escape(words) if self.in_html else words)


BodyPiece: TypeAlias = bytes | BodySlot


def encode_bodies(compiled: CompiledLanguage) -> tuple[str, tuple[BodyPiece, ...]]:
    """The boundary, made from the content so that the same edition gives the same bytes, and the
    pieces of the multipart body, up to and with its closing boundary."""
    text = _encode(compiled.text, in_html=False)
    page = _encode(compiled.html, in_html=True)
    boundary = _boundary((*text, *page))
    head = (_part_head(boundary, kind, compiled.language) for kind in ("plain", "html"))
    return boundary, _joined(
        (next(head), *text, b"\r\n", next(head), *page, f"\r\n--{boundary}--\r\n".encode())
    )


def body_to_json(body: Iterable[BodyPiece]) -> list[Any]:
    """The pieces as JSON: bytes, which are ASCII, as a string, a slot as a mapping."""
    return [
        piece.decode("ascii")
        if isinstance(piece, bytes)
        else {
            "slot": piece.slot.name,
            "fallback": piece.slot.fallback,
            "language": piece.slot.language,
            "html": piece.in_html,
        }
        for piece in body
    ]


def body_from_json(data: Sequence[Any]) -> tuple[BodyPiece, ...]:
    """The pieces that `body_to_json` gave."""
    return tuple(
        piece.encode("ascii")
        if isinstance(piece, str)
        else BodySlot(Slot(piece["slot"], piece["fallback"], piece["language"]), piece["html"])
        for piece in data
    )


def _encode(pieces: Sequence[Piece], *, in_html: bool) -> tuple[BodyPiece, ...]:
    *others, last = [piece for piece in pieces if piece != ""] or [""]
    encoded = [
        BodySlot(piece, in_html) if isinstance(piece, Slot) else encode_literal(_unix(piece))
        for piece in others
    ]
    if isinstance(last, Slot):
        # A soft break must not be the last thing in a body (RFC 2045 section 6.7), so a body that
        # ends in a value gets a line break of its own.
        return (*encoded, BodySlot(last, in_html), b"\r\n")
    return (*encoded, encode_ending(_unix(last)))


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _boundary(pieces: Iterable[BodyPiece]) -> str:
    # "=_" cannot occur in quoted-printable (RFC 2045 section 6.7), so no body holds the boundary.
    digest = hashlib.sha256(b"\0".join(one for one in pieces if isinstance(one, bytes)))
    return f"=_{digest.hexdigest()[:32]}"


def _part_head(boundary: str, kind: str, language: str) -> bytes:
    lines = (
        f"--{boundary}",
        f"Content-Type: text/{kind}; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        f"Content-Language: {language}",
        "",
        "",
    )
    return CRLF.join(lines).encode()


def _joined(pieces: Iterable[BodyPiece]) -> tuple[BodyPiece, ...]:
    joined: list[BodyPiece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, bytes) and isinstance(last, bytes):
            joined[-1] = last + piece
        else:
            joined.append(piece)
    return tuple(joined)
