"""Passages: every text and address that an author wrote, where it stands, for the checks."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.composer.findings.findings import Place
from newsletter.composer.kinds.kinds import Field, FieldType
from newsletter.composer.pictures.images import Picture
from newsletter.composer.words.blocks import Block, BlockKind
from newsletter.composer.words.words import Written


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of an author's in one language: its place, its field, what was written and what was
    read of it. A link (`is_link`), a day and a size are their own words."""

    place: Place
    field: Field
    source: str
    written: Written

    @property
    def is_words(self) -> bool:
        """Whether a reader reads it, unlike an address."""
        return self.field.type in (FieldType.WORDS, FieldType.RICH_TEXT)

    @property
    def is_link(self) -> bool:
        """Whether it leads somewhere: what was read of it is a whole address."""
        return self.field.type in (FieldType.URL, FieldType.EMAIL, FieldType.PHONE)

    def blocks(self) -> tuple[Block, ...]:
        """What a reader takes in at once: the blocks of a rich text, or the line as a whole."""
        if self.field.type is FieldType.RICH_TEXT:
            return self.written.blocks
        return (Block(BlockKind.PARAGRAPH, self.written.text, 0),)


@dataclass(frozen=True, slots=True)
class ShownImage:
    """An image that readers see: the `src` that names it, the picture, and its place."""

    source: str
    picture: Picture
    place: Place
