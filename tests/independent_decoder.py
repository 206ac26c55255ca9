"""A small reader of messages that shares no code with what writes them, nor with Python's email.

The standard library's parser reads some correct headers wrongly, so it cannot be the judge (M6).
Whatever is not exactly as the standards have it raises ValueError here.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

_FIELD = re.compile(r"([!-9;-~]+): ?(.*)", re.DOTALL)
_BASE64_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_ENCODED_WORD = re.compile(r"=\?([^? ]+)\?([bqBQ])\?([^? ]*)\?=")


@dataclass(frozen=True)
class Part:
    """Headers in their order, still folded and encoded, and the body."""

    fields: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        """The unfolded values of every field of that name."""
        return [unfold(value) for field, value in self.fields if field.lower() == name.lower()]

    def one(self, name: str) -> str:
        """The unfolded value of a field that must be there exactly once."""
        (value,) = self.all(name)
        return value


def read_part(raw: bytes) -> Part:
    """A message or body part, split into its fields and its body (RFC 5322 section 2.1)."""
    head, blank, body = raw.partition(b"\r\n\r\n")
    if not blank:
        raise ValueError("no empty line after the headers")
    fields = re.split(r"\r\n(?![ \t])", head.decode())
    matches = [_FIELD.fullmatch(field) for field in fields]
    if None in matches:
        raise ValueError(f"a line that is no header field: {fields}")
    return Part(tuple((found[1], found[2]) for found in matches if found), body)


def read_multipart(message: Part) -> list[Part]:
    """The parts of a multipart body (RFC 2046 section 5.1.1)."""
    found = re.fullmatch(r'multipart/alternative; boundary="([^"]+)"', message.one("Content-Type"))
    if found is None:
        raise ValueError("not multipart/alternative")
    delimiter = b"\r\n--" + found[1].encode()
    before, *parts, after = (b"\r\n" + message.body).split(delimiter)
    if before or after != b"--\r\n" or any(part[:2] != b"\r\n" for part in parts):
        raise ValueError("boundaries are not as they should be")
    return [read_part(part[2:]) for part in parts]


def unfold(value: str) -> str:
    """A field's value on one line (RFC 5322 section 2.2.3)."""
    return re.sub(r"\r\n(?=[ \t])", "", value)


def decode_words(value: str) -> str:
    """An unfolded value with its encoded-words decoded (RFC 2047 section 6.2)."""
    joined = re.sub(r"(\?=)[ \t]+(?==\?)", r"\1", value)
    decoded = bytearray()
    place = 0
    for found in _ENCODED_WORD.finditer(joined):
        decoded += joined[place : found.start()].encode()
        decoded += _decode_word(found[2].lower(), found[3])
        place = found.end()
    return (decoded + joined[place:].encode()).decode()


def encoded_words(value: str) -> list[str]:
    """Every encoded-word that stands in a value."""
    return [found[0] for found in _ENCODED_WORD.finditer(value)]


def decode_phrase(value: str) -> str:
    """A display name: a quoted string (RFC 5322 section 3.2.4) or encoded-words."""
    if value.startswith('"'):
        if re.fullmatch(r'"(?:[^"\\]|\\.)*"', value) is None:
            raise ValueError(f"a broken quoted string: {value}")
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return decode_words(value)


def decode_quoted_printable(body: bytes) -> bytes:
    """The octets of a body (RFC 2045 section 6.7), read strictly."""
    if body.endswith((b"=", b"=\r\n")):
        raise ValueError("a soft break at the end of the body")
    decoded = bytearray()
    lines = body.split(b"\r\n")
    for number, line in enumerate(lines, start=1):
        if len(line) > 76 or re.search(rb"[^ -~]|[ \t]$", line):
            raise ValueError(f"a line that may not be: {line!r}")
        decoded += _decode_octets(line.removesuffix(b"="))
        if not line.endswith(b"=") and number < len(lines):
            decoded += b"\r\n"
    return bytes(decoded)


def decode_base64(body: bytes) -> bytes:
    """The octets of a body (RFC 2045 section 6.8), read strictly: padding at the very end only."""
    lines = body.removesuffix(b"\r\n").split(b"\r\n")
    if any(not 0 < len(line) <= 76 for line in lines):
        raise ValueError("a line that is empty or longer than 76 characters")
    text = b"".join(lines).decode("ascii")
    if len(text) % 4 or re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", text) is None:
        raise ValueError(f"not base64: {text!r}")
    digits = text.rstrip("=")
    bits = "".join(f"{_BASE64_DIGITS.index(digit):06b}" for digit in digits)
    octets, rest = divmod(len(bits), 8)
    if int(bits[octets * 8 :] or "0", 2) or len(text) - len(digits) != rest // 2:
        raise ValueError("padding that does not fit")
    return bytes(int(bits[place : place + 8], 2) for place in range(0, octets * 8, 8))


def _decode_octets(line: bytes) -> bytes:
    if re.search(rb"=(?![0-9A-F]{2})", line):
        raise ValueError(f"a broken escape: {line!r}")
    return re.sub(rb"=(..)", lambda found: bytes.fromhex(found[1].decode()), line)


def _decode_word(encoding: str, text: str) -> bytes:
    if encoding == "b":
        try:
            return base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise ValueError(text) from error
    return _decode_octets(text.replace("_", "=20").encode())
