"""Filling compiled text: each slot gets one reader's value, escaped for the place it lands in."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from newsletter.domain.compiled import ADDRESS_SLOTS, Piece, Slot


def fill_text(pieces: Iterable[Piece], values: Mapping[str, str]) -> str:
    """Plain text with its slots filled."""
    return "".join(
        piece if isinstance(piece, str) else slot_value(piece, values) for piece in pieces
    )


def fill_html(pieces: Iterable[Piece], values: Mapping[str, str]) -> str:
    """HTML with its slots filled; a value can change no structure, in text or attribute (X3)."""
    return "".join(
        piece if isinstance(piece, str) else html.escape(slot_value(piece, values))
        for piece in pieces
    )


def slot_value(slot: Slot, values: Mapping[str, str]) -> str:
    """The slot's value, or its fallback when there is none.

    Raises LookupError for an address slot without a value: a mail with a dead link in its footer
    must not leave.
    """
    value = values.get(slot.name)
    if not value and is_address_slot(slot.name):
        raise LookupError(f"no address for the slot {slot.name}")
    return value or slot.fallback


def is_address_slot(name: str) -> bool:
    """Whether the slot holds a whole public address."""
    return name in ADDRESS_SLOTS or name.startswith("view_")


def pieces_to_json(pieces: Iterable[Piece]) -> list[Any]:
    """Pieces as JSON: finished text as a string, a slot as `{"slot", "fallback"}`."""
    return [
        piece if isinstance(piece, str) else {"slot": piece.name, "fallback": piece.fallback}
        for piece in pieces
    ]


def pieces_from_json(data: Sequence[Any]) -> tuple[Piece, ...]:
    """The pieces that `pieces_to_json` gave."""
    return tuple(
        piece if isinstance(piece, str) else Slot(piece["slot"], piece["fallback"])
        for piece in data
    )
