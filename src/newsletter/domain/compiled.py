"""Compiled editions: finished text with slots where the personal values go.

A compiled text is a sequence of pieces: a `str` is finished, a `Slot` waits for the value of one
reader. Filling is joining, with each value escaped for the place where it lands; nothing that is
left to decide is left in a compiled text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from newsletter.domain.findings import Finding

ADDRESS_SLOTS = ("view", "unsubscribe", "preferences", "why")
"""The slots that hold a whole public address; the only values that an author may put in a URL."""

WORD_SLOTS = ("name", "email")
"""The slots that hold plain text about the reader."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one value of the reader: its name, and the words used when the value is empty."""

    name: str
    fallback: str = ""


Piece: TypeAlias = str | Slot


@dataclass(frozen=True, slots=True)
class CompiledImage:
    """An image that the compiled edition points to, as it is published under `/media/`.

    `name` is `{digest}.{ext}`: the content's own hash, so that a published image never changes.
    """

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CompiledLanguage:
    """An edition in one language, as its readers get it.

    `subject` and `text` are plain text, lines parted by `\\n`; `html` is a whole document.
    """

    language: str
    subject: tuple[Piece, ...]
    html: tuple[Piece, ...]
    text: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class CompiledEdition:
    """An edition compiled in each of its languages, with all that the checks found.

    A language that lacks translations is missing from `languages`, and `findings` says why.
    """

    slug: str
    topic: str
    languages: Mapping[str, CompiledLanguage]
    images: tuple[CompiledImage, ...]
    findings: tuple[Finding, ...]
