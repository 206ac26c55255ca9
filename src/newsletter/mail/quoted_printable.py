"""Quoted-printable in pieces that can be joined, each encoded once (RFC 2045 section 6.7).

A piece begins at column 0 and ends at column 0: with its own line break, or with a soft one. So
pieces and values join into a valid body whatever they are, with nothing to be looked at again. No
line is longer than 76 characters, none begins with a dot (nothing for SMTP to stuff) or with
"From ", and no white space stands at the edge of a line or doubled: what is sent is what a
signature over the relaxed canonical form would be taken of (RFC 6376 section 3.4.4).
"""

from __future__ import annotations

import re

SOFT_BREAK = b"=\r\n"
_LONGEST = 75
"""Characters before the `=` of a soft break."""
_UNITS = re.compile(rb"[!-<>-~]| (?=[!-~])|[^!-~]|=", re.DOTALL)
_SIMPLE = re.compile(r"[!-<>-~]{1,72}")
_UNSAFE_START = (".", "From")


def encode_literal(text: str) -> bytes:
    """Finished text, lines parted by `\\n`, as one piece."""
    lines = text.split("\n")
    encoded = [_encode_line(line.encode()) + b"\r\n" for line in lines[:-1]]
    return b"".join(encoded) + (_encode_line(lines[-1].encode()) + SOFT_BREAK if lines[-1] else b"")


def encode_value(text: str) -> bytes:
    """One reader's value as one piece."""
    if _SIMPLE.fullmatch(text) and not text.startswith(_UNSAFE_START):
        return text.encode() + SOFT_BREAK
    return encode_literal(text)


def _encode_line(line: bytes) -> bytes:
    units = [_encode_unit(unit) for unit in _UNITS.findall(line)]
    if not units:
        return b""
    rows: list[bytes] = []
    row = bytearray()
    for place, unit in enumerate(units):
        if row and len(row) + len(unit) > _LONGEST:
            rows.append(bytes(row))
            row.clear()
        row += unit if row else _at_line_start(unit, units[place : place + 5])
    rows.append(bytes(row))
    return SOFT_BREAK.join(rows)


def _encode_unit(unit: bytes) -> bytes:
    # A space is kept only before something visible; `_at_line_start` sees to the first of a line.
    if unit == b" " or (unit != b"=" and b"!" <= unit <= b"~"):
        return unit
    return b"=%02X" % unit[0]


def _at_line_start(unit: bytes, following: list[bytes]) -> bytes:
    is_unsafe = unit in (b" ", b".") or following == [b"F", b"r", b"o", b"m", b" "]
    return b"=%02X" % unit[0] if is_unsafe else unit
