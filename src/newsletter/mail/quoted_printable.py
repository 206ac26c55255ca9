"""Quoted-printable in pieces that can be joined, each encoded once (RFC 2045 section 6.7).

A piece begins and ends at column 0: it ends with its own line break, or with a soft one. So pieces
and values join into a valid body whatever they are, with nothing to be looked at again. No line is
longer than 76 characters, none begins with a dot (nothing for SMTP to stuff) or with "From " (a
Maildir or mbox would add a `>`), and no white space stands at the edge of a line or doubled: what
is sent is already its own relaxed canonical form (RFC 6376 section 3.4.4).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TypeAlias

from newsletter.mail.header_rules import without_controls

SOFT_BREAK = "=\r\n"

Escapes: TypeAlias = tuple[str, ...]
"""What each of the 256 octets becomes."""

_PLAIN = frozenset(range(ord("!"), ord("~") + 1)) - {ord("=")}
_UNSAFE = re.compile(rb"[^ -<>-~]| (?![!-~])")
_ROW = re.compile(r".{1,73}(?<!=)(?<!=.)", re.DOTALL)
"""Up to 73 characters that do not end inside an escape: room for an escape at column 0, which takes
two more, and for the `=` of a soft break, the 76th."""
_ROW_LENGTH = 73
_PLAIN_ROW = re.compile(rf"(?!\.)[!#-%(-;?-~]{{1,{_ROW_LENGTH}}}")
"""A value that nothing in it needs an escape for, in HTML either: nearly all addresses."""
_UNSAFE_AT_COLUMN_0 = re.compile(r"^(?:[ .]|F(?=rom ))", re.MULTILINE)


def encode_literal(text: str) -> str:
    """Finished text, lines parted by `\\n`, as a piece that another piece follows."""
    encoded = encode_ending(text)
    return encoded if not encoded or encoded.endswith("\n") else encoded + SOFT_BREAK


def encode_ending(text: str) -> str:
    """Finished text as the last piece of a body: no soft break may follow it."""
    return "\r\n".join(_encode_line(line.encode()) for line in text.split("\n"))


def value_escapes(escape: Callable[[str], str]) -> Escapes:
    """What the octets of a value become; `escape` is that of the format which it lands in.

    A space becomes an escape, which is safe wherever it lands. Octets beyond ASCII are special in
    no format.
    """
    plain = (escape(chr(octet)) if octet in _PLAIN else f"={octet:02X}" for octet in range(256))
    return tuple(plain)


TEXT_ESCAPES = value_escapes(str)
HTML_ESCAPES = value_escapes(html.escape)


def encode_value(text: str, escapes: Escapes) -> bytes:
    """One reader's value on one line, as a piece that another piece follows.

    Control characters in it become spaces.
    """
    if _PLAIN_ROW.fullmatch(text):
        return f"{text}{SOFT_BREAK}".encode("ascii")
    row = "".join([escapes[octet] for octet in without_controls(text).encode()])
    if len(row) > _ROW_LENGTH or row.startswith("."):
        row = _rows(row)
    return f"{row}{SOFT_BREAK}".encode("ascii") if row else b""


def _encode_line(line: bytes) -> str:
    return _rows(_UNSAFE.sub(_escape_octet, line).decode("ascii"))


def _rows(escaped: str) -> str:
    return _UNSAFE_AT_COLUMN_0.sub(_escape_letter, SOFT_BREAK.join(_ROW.findall(escaped)))


def _escape_octet(octet: re.Match[bytes]) -> bytes:
    return b"=%02X" % octet[0][0]


def _escape_letter(letter: re.Match[str]) -> str:
    return f"={ord(letter[0]):02X}"
