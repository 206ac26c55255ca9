"""Filling compiled text: each slot gets one reader's value, escaped for the place it lands in."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from newsletter.domain.compiled import ADDRESS_SLOTS, Piece, Slot
from newsletter.mail.header_rules import without_controls


class MissingAddressError(LookupError):
    """No value for a slot that holds an address: a fault in the program, since a mail with a dead
    link in its footer must not leave."""

    def __init__(self, slot: str) -> None:
        super().__init__(f"the address slot {slot} has no value")


def fill_text(pieces: Iterable[Piece], values: Mapping[str, str]) -> str:
    """Plain text with its slots filled, each value on one line; raises MissingAddressError."""
    return "".join(
        piece if isinstance(piece, str) else _one_line_value(piece, values) for piece in pieces
    )


def fill_html(pieces: Iterable[Piece], values: Mapping[str, str]) -> str:
    """HTML with its slots filled; a value cannot change its structure, in text or in an attribute.

    Raises MissingAddressError.
    """
    return "".join(
        piece if isinstance(piece, str) else html.escape(_one_line_value(piece, values))
        for piece in pieces
    )


def slot_value(slot: Slot, values: Mapping[str, str]) -> str:
    """The slot's value as it was given, or its fallback when it is empty or absent.

    Raises MissingAddressError for an address slot without a value.
    """
    name = f"{slot.name}_{slot.language}" if slot.language else slot.name
    value = values.get(name)
    if value:
        return value
    if slot.name in ADDRESS_SLOTS:
        raise MissingAddressError(name)
    return slot.fallback


def _one_line_value(slot: Slot, values: Mapping[str, str]) -> str:
    """`slot_value` with control characters made spaces: a body's words cannot break its lines."""
    return without_controls(slot_value(slot, values))


def pieces_to_json(pieces: Iterable[Piece]) -> list[Any]:
    """Pieces as JSON: finished text as a string, a slot as `{"slot", "fallback", "language"}`."""
    return [
        piece
        if isinstance(piece, str)
        else {"slot": piece.name, "fallback": piece.fallback, "language": piece.language}
        for piece in pieces
    ]


def pieces_from_json(data: Sequence[Any]) -> tuple[Piece, ...]:
    """The pieces that `pieces_to_json` gave."""
    return tuple(
        piece
        if isinstance(piece, str)
        else Slot(piece["slot"], piece["fallback"], piece["language"])
        for piece in data
    )
