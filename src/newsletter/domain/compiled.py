"""Compiled editions: finished text with slots where the personal values go.

A compiled text is a sequence of pieces: a `str` is finished, a `Slot` waits for the value of one
reader. Filling is joining, with each value escaped for the place where it lands; nothing that is
left to decide is left in a compiled text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from newsletter.domain.findings import Finding

ADDRESS_SLOTS = ("view", "unsubscribe", "preferences", "why")
"""The slots that hold a whole public address; the only values that an author may put in a URL."""

WORD_SLOTS = ("name", "email")
"""The slots that hold plain text which is known of every reader; attributes are others."""

STACKED = "mul"
"""What a mail calls itself that holds all of its edition's languages, one below the other."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one value of the reader: its name, and the words used when the value is empty.

    `language` is that of the page that an address leads to; "" is the first of the mail's own.
    """

    name: str
    fallback: str = ""
    language: str = ""


Piece: TypeAlias = str | Slot


@dataclass(frozen=True, slots=True)
class CompiledMedia:
    """A file that the compiled edition points to, as it is published under `/media/`.

    `name` is `{digest}.{ext}`: the content's own hash, so that a published file never changes.
    """

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CompiledLink:
    """A link of the finished mail: its words as a reader hears them, and where it leads.

    `section` is the section's position counted from 1, or None outside of the sections.
    """

    label: str
    address: str
    section: int | None


@dataclass(frozen=True)
class CompiledLanguage:
    """An edition as the readers of one language get it, or of all languages (`STACKED`).

    `languages` are those that it is written in, in order. `subject` and `text` are plain text,
    lines parted by `\\n`; `html` is a whole document. `segments` names the segments whose sections
    are in it beside those for everyone, in the order of their names.
    """

    language: str
    languages: tuple[str, ...]
    subject: tuple[Piece, ...]
    html: tuple[Piece, ...]
    text: tuple[Piece, ...]
    links: tuple[CompiledLink, ...] = ()
    segments: tuple[str, ...] = ()

    @property
    def variant(self) -> str:
        """What the form calls itself among those of its language: "" is what everyone gets."""
        return ",".join(self.segments)

    @cached_property
    def html_bytes(self) -> int:
        """How many bytes of UTF-8 the HTML has, its slots empty."""
        return _size(self.html)

    @cached_property
    def text_bytes(self) -> int:
        """How many bytes of UTF-8 the plain text has, its slots empty."""
        return _size(self.text)


@dataclass(frozen=True)
class CompiledEdition:
    """An edition compiled in each of its languages, with all that the checks found.

    A language that lacks translations is missing from `languages`, and `findings` says why.
    `languages` holds what everyone gets, and the web shows; `variants` the same with the sections
    of one or more segments in it, for each language every combination of segments that it names.
    """

    slug: str
    topic: str
    languages: Mapping[str, CompiledLanguage]
    variants: tuple[CompiledLanguage, ...]
    media: tuple[CompiledMedia, ...]
    findings: tuple[Finding, ...]

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hex, over all that readers get; the findings do not count."""
        digest = hashlib.sha256()
        for part in self._parts():
            digest.update(b"%d:" % len(part))
            digest.update(part)
        return digest.hexdigest()

    def every_form(self) -> Iterator[CompiledLanguage]:
        """All languages, and then all variants."""
        yield from self.languages.values()
        yield from self.variants

    def _parts(self) -> Iterator[bytes]:
        yield self.slug.encode()
        yield self.topic.encode()
        for form in self.every_form():
            yield "\0".join((form.language, *form.languages, "", *form.segments)).encode()
            for pieces in (form.subject, form.html, form.text):
                yield repr(pieces).encode()
        for one in self.media:
            yield one.name.encode()


def _size(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.encode()) for piece in pieces if isinstance(piece, str))
