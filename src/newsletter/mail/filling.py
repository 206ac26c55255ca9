"""Bytes with gaps in them, filled for one reader after another as cheaply as can be: by a join.

All that can be known beforehand is one run of bytes between two gaps. A value that stands at
several places is encoded once for each reader.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Protocol, TypeAlias

from newsletter.mail.slots import SlotValues


class Gap(IntEnum):
    """A gap that takes a value as it is; the number is that of its place in `Filling.join`."""

    TO = 0
    DATE = 1
    MESSAGE_ID = 2
    UNSUBSCRIBE_TAG = 3
    VIEW = 4
    UNSUBSCRIBE = 5
    PREFERENCES = 6
    SUBJECT = 7


class PersonalPiece(Protocol):
    """A gap whose value depends on the reader's, and is encoded for where it stands."""

    def encode(self, values: SlotValues) -> bytes:
        """The finished bytes."""


FillingPiece: TypeAlias = bytes | Gap | PersonalPiece


class Filling:
    """A sequence of bytes and gaps, and how to join it for one reader."""

    def __init__(self, pieces: Iterable[FillingPiece]) -> None:
        # Bytes stand at the even places and gaps between them, so that one slice holds all gaps.
        self._parts = [b""]
        gaps: list[Gap | PersonalPiece] = []
        for piece in pieces:
            if isinstance(piece, bytes):
                self._parts[-1] += piece
            else:
                gaps.append(piece)
                self._parts += (b"", b"")
        personal = list(dict.fromkeys(gap for gap in gaps if not isinstance(gap, Gap)))
        self._encoders = [piece.encode for piece in personal]
        self._places = [
            gap.value if isinstance(gap, Gap) else len(Gap) + personal.index(gap) for gap in gaps
        ]

    def join(self, as_they_are: tuple[bytes, ...], values: SlotValues) -> bytes:
        """The whole, filled; `as_they_are` has a value for every `Gap`, in that order."""
        return b"".join(self.parts(as_they_are, values))

    def parts(self, as_they_are: tuple[bytes, ...], values: SlotValues) -> list[bytes]:
        """What `join` joins, for whoever joins it with something else."""
        encoded = [*as_they_are, *[encode(values) for encode in self._encoders]]
        parts = self._parts.copy()  # several threads may fill the same template
        parts[1::2] = [encoded[place] for place in self._places]
        return parts
