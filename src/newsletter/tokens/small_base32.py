"""Base32 in small letters, for what must survive where mail systems fold case."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

_ALPHABET = b"abcdefghijklmnopqrstuvwxyz234567".ljust(256)
_BITS = 5
"""What a letter stands for."""


def small_base32(octets: bytes) -> str:
    """The octets in the alphabet of RFC 4648, section 6, in small letters and without padding.

    Each message has three tags, and `base64` takes three times as long for one: here all groups of
    five bits are moved apart at once, each into an octet of its own.
    """
    bits = 8 * len(octets)
    letters = -(-bits // _BITS)
    number = int.from_bytes(octets) << _BITS * letters - bits
    width = 1 << (letters - 1).bit_length()
    for step in _steps(width):
        number = (number & step.moved) << step.by | number & step.kept
    return number.to_bytes(width)[width - letters :].translate(_ALPHABET).decode()


class _Step(NamedTuple):
    """Every run of groups is cut in two, and its first half moved to where its octets will be."""

    moved: int
    kept: int
    by: int


@cache
def _steps(width: int) -> tuple[_Step, ...]:
    """What moves `width` groups, a power of two, into that many octets."""
    halves = [width >> cut for cut in range(1, width.bit_length())]
    return tuple(_step(width, half) for half in halves)


def _step(width: int, half: int) -> _Step:
    run = (1 << _BITS * half) - 1
    kept = sum(run << 8 * start for start in range(0, width, 2 * half))
    return _Step(moved=kept << _BITS * half, kept=kept, by=(8 - _BITS) * half)
