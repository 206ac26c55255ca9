"""Quoted-printable in pieces that can be joined, each encoded once (RFC 2045 section 6.7).

A piece begins and ends at column 0: it ends with its own line break, or with a soft one. So pieces
and values join into a valid body whatever they are, with nothing to be looked at again. No line is
longer than 76 characters, none begins with a dot (nothing for SMTP to stuff) or with "From " (a
Maildir or mbox would add a `>`), and no white space stands at the edge of a line or doubled: what
is sent is already its own relaxed canonical form (RFC 6376 section 3.4.4).
"""

from __future__ import annotations

import re

_SOFT_BREAK = b"=\r\n"
_LONGEST = 75
"""Characters before the `=` of a soft break, which is the 76th."""
_STANDS_FOR_ITSELF = re.compile(rb"[!-<>-~]| (?=[!-~])")
_SHORT_PLAIN = re.compile(r"(?!\.|From)[!-<>-~]{1,75}")


def encode_literal(text: str) -> bytes:
    """Finished text, lines parted by `\\n`, as a piece that another piece follows."""
    encoded = encode_ending(text)
    return encoded if not encoded or encoded.endswith(b"\n") else encoded + _SOFT_BREAK


def encode_ending(text: str) -> bytes:
    """Finished text as the last piece of a body: no soft break may follow it."""
    return b"\r\n".join(_encode_line(line.encode()) for line in text.split("\n"))


def encode_value(text: str) -> bytes:
    """One reader's value, which is one line, as a piece that another piece follows."""
    if _SHORT_PLAIN.fullmatch(text):
        return text.encode() + _SOFT_BREAK
    return encode_literal(text)


def _encode_line(line: bytes) -> bytes:
    units = _units(line)
    rows: list[bytes] = []
    row = bytearray()
    for place, unit in enumerate(units):
        if len(row) + len(unit) > _LONGEST:
            rows.append(bytes(row))
            row.clear()
        row += unit if row else _at_column_0(units, place)
    rows.append(bytes(row))
    return _SOFT_BREAK.join(rows)


def _units(line: bytes) -> list[bytes]:
    """The line octet by octet, encoded but for what depends on the column."""
    return [
        octet if _STANDS_FOR_ITSELF.match(line, place) else b"=%02X" % octet[0]
        for place, octet in enumerate(line[i : i + 1] for i in range(len(line)))
    ]


def _at_column_0(units: list[bytes], place: int) -> bytes:
    unit = units[place]
    is_from = b"".join(units[place : place + 5]) == b"From "
    return b"=%02X" % unit[0] if unit in (b" ", b".") or is_from else unit
