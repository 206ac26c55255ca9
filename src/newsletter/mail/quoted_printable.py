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
_UNSAFE = re.compile(rb"[^ -<>-~]| (?![!-~])")
_ROW = re.compile(rb".{1,73}(?<!=)(?<!=.)", re.DOTALL)
"""Up to 73 octets that do not end inside an escape: room for an escape at column 0, which takes two
more, and for the `=` of a soft break, the 76th."""
_ROW_LENGTH = 73
_UNSAFE_AT_COLUMN_0 = re.compile(rb"^(?:[ .]|F(?=rom ))", re.MULTILINE)


def encode_literal(text: str) -> bytes:
    """Finished text, lines parted by `\\n`, as a piece that another piece follows."""
    encoded = encode_ending(text)
    return encoded if not encoded or encoded.endswith(b"\n") else encoded + _SOFT_BREAK


def encode_ending(text: str) -> bytes:
    """Finished text as the last piece of a body: no soft break may follow it."""
    return b"\r\n".join(_encode_line(line.encode()) for line in text.split("\n"))


def encode_plain(text: str) -> bytes:
    """What `encode_literal` gives, for printable ASCII without space and `=`, such as a link.

    Nearly all values are such, and this takes a fifth of the time.
    """
    rows = "=\r\n".join(
        [text[place : place + _ROW_LENGTH] for place in range(0, len(text), _ROW_LENGTH)]
    )
    if text.startswith(".") or "\n." in rows:
        return encode_literal(text)
    return (rows + "=\r\n").encode() if rows else b""


def _encode_line(line: bytes) -> bytes:
    rows = _ROW.findall(_UNSAFE.sub(_escape, line))
    return _UNSAFE_AT_COLUMN_0.sub(_escape, _SOFT_BREAK.join(rows))


def _escape(octet: re.Match[bytes]) -> bytes:
    return b"=%02X" % octet[0][0]
