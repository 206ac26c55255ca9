"""Base32 in small letters, for what must survive where mail systems fold case."""

from __future__ import annotations

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
# Two letters at a time: each message has three tags, and `base64` takes twice as long for one.
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
_PAIR_BITS = 10


def small_base32(octets: bytes) -> str:
    """The octets in the alphabet of RFC 4648, section 6, in small letters and without padding."""
    bits = 8 * len(octets)
    spare = -bits % _PAIR_BITS
    number = int.from_bytes(octets) << spare
    shifts = range(bits + spare - _PAIR_BITS, -1, -_PAIR_BITS)
    letters = "".join([_PAIRS[number >> shift & 1023] for shift in shifts])
    return letters[: -(-bits // 5)]
