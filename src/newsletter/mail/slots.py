"""Filling compiled text: each slot gets one reader's value, escaped for the place it lands in."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.mail.header_rules import without_controls
from newsletter.mail.page_links import LinkedPiece, LinkToken, LinkTokens, WordSlot


@dataclass(frozen=True, slots=True)
class SlotValues:
    """One reader's values: plain text by the slot's name, and the tokens of the links.

    A word that is empty or absent is replaced by its slot's fallback.
    """

    words: Mapping[str, str]
    tokens: LinkTokens

    def word(self, slot: WordSlot) -> str:
        """The word for `slot` as it was given, not escaped for anything."""
        return self.words.get(slot.name) or slot.fallback


def fill_text(pieces: Iterable[LinkedPiece], values: SlotValues) -> str:
    """Plain text with its slots filled, control characters in words made spaces."""
    return "".join(
        piece if isinstance(piece, str) else _one_line(piece, values) for piece in pieces
    )


def fill_html(pieces: Iterable[LinkedPiece], values: SlotValues) -> str:
    """HTML with its slots filled; a word cannot change its structure, in text or in an attribute
    (X3)."""
    return "".join(
        piece if isinstance(piece, str) else html.escape(_one_line(piece, values))
        for piece in pieces
    )


def fill_header(pieces: Iterable[LinkedPiece], values: SlotValues) -> str:
    """A header's words with their slots filled: nothing is mended, since a header refuses what it
    may not hold (M12)."""
    return "".join(piece if isinstance(piece, str) else _value(piece, values) for piece in pieces)


def pieces_to_json(pieces: Iterable[LinkedPiece]) -> list[Any]:
    """Pieces as JSON: a text is a string, a token `{"token"}`, a word `{"word", "fallback"}`."""
    return [_to_json(piece) for piece in pieces]


def pieces_from_json(data: Sequence[Any]) -> tuple[LinkedPiece, ...]:
    """The pieces that `pieces_to_json` gave."""
    return tuple(_from_json(piece) for piece in data)


def _value(slot: WordSlot | LinkToken, values: SlotValues) -> str:
    return values.tokens.of(slot) if isinstance(slot, LinkToken) else values.word(slot)


def _one_line(slot: WordSlot | LinkToken, values: SlotValues) -> str:
    return without_controls(_value(slot, values))


def _to_json(piece: LinkedPiece) -> Any:  # noqa: ANN401 - what the JSON library takes
    if isinstance(piece, str):
        return piece
    if isinstance(piece, LinkToken):
        return {"token": piece.value}
    return {"word": piece.name, "fallback": piece.fallback}


def _from_json(data: Any) -> LinkedPiece:  # noqa: ANN401 - what the JSON library gives
    if isinstance(data, str):
        return data
    return LinkToken(data["token"]) if "token" in data else WordSlot(data["word"], data["fallback"])
