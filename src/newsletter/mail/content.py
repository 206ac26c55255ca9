"""A message's content, below its head: both bodies parted by a boundary, or the text alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.mail.bodies import EncodedBody
from newsletter.mail.filling import FillingPiece
from newsletter.mail.header_fields import HeaderField
from newsletter.mail.header_rules import CRLF
from newsletter.mail.heads import content_head, part_head


@dataclass(frozen=True, slots=True)
class WrittenContent:
    """The header fields that say how a content is to be read, and the content."""

    fields: tuple[HeaderField, ...]
    body: tuple[FillingPiece, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """The two bodies of a message, in `languages`."""

    text: EncodedBody
    html: EncodedBody
    languages: tuple[str, ...]

    def both(self) -> WrittenContent:
        """multipart/alternative, the text first and the HTML last (RFC 2046 section 5.1.4; M10)."""
        content_type = f'multipart/alternative;{CRLF} boundary="{self.boundary}"'
        field = HeaderField.finished("Content-Type", content_type)
        return WrittenContent((field,), tuple(self._multipart()))

    def text_only(self) -> WrittenContent:
        """A single text/plain."""
        return WrittenContent(
            tuple(content_head("plain", self.text)), tuple(self.text.for_filling())
        )

    @property
    def boundary(self) -> str:
        """What parts the bodies: of the content, so that the same edition gives the same bytes.

        "=_" cannot occur in quoted-printable (RFC 2045 section 6.7) and `_` not in base64, so no
        body holds it.
        """
        bodies = repr((self.text.pieces, self.html.pieces))
        return f"=_{hashlib.sha256(bodies.encode()).hexdigest()[:32]}"

    def _multipart(self) -> Iterator[FillingPiece]:
        boundary = self.boundary
        delimiter = f"--{boundary}{CRLF}".encode()
        yield delimiter
        yield from part_head("plain", self.text, self.languages)
        yield from self.text.for_filling()
        yield CRLF.encode() + delimiter
        yield from part_head("html", self.html, self.languages)
        yield from self.html.for_filling()
        yield f"{CRLF}--{boundary}--{CRLF}".encode()
