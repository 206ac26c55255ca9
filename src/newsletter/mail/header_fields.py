"""Header fields in their two forms: as they go out, and as a signature reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.mail.filling import FillingPiece
from newsletter.mail.header_rules import CRLF

_WHITE = re.compile(rb"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class HeaderField:
    """One field: its name, and its value as bytes and gaps, folded as it goes out.

    What is put into a gap has no white space at its ends or beside other white space.
    """

    name: str
    value: tuple[FillingPiece, ...]

    @classmethod
    def finished(cls, name: str, value: str) -> HeaderField:
        """A field without gaps; `value` is ASCII."""
        return cls(name, (value.encode("ascii"),))

    def as_sent(self) -> Iterator[FillingPiece]:
        """The field as it goes out, with its line break."""
        yield f"{self.name}: ".encode("ascii")
        yield from self.value
        yield CRLF.encode()

    def relaxed(self) -> Iterator[FillingPiece]:
        """The field in the form that a relay may fold anew without breaking a signature, with its
        line break (RFC 6376 section 3.4.2)."""
        yield f"{self.name.lower()}:".encode("ascii")
        last = len(self.value) - 1
        for place, piece in enumerate(self.value):
            if not isinstance(piece, bytes):
                yield piece
                continue
            single = _WHITE.sub(b" ", piece)
            single = single.lstrip() if place == 0 else single
            yield single.rstrip() if place == last else single
        yield CRLF.encode()


def relaxed_value(value: bytes) -> bytes:
    """A field's whole value as a signature reads it: on one line, its white space made single
    spaces, none at the ends."""
    return _WHITE.sub(b" ", value).strip(b" ")
