"""What the checks look at: an author's words in one language, and one finished mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree

from newsletter.composer.reading.passages import Passage, ShownImage
from newsletter.composer.words.merge_values import Marks
from newsletter.domain.compiled import CompiledLink


@dataclass(frozen=True, slots=True)
class Writing:
    """All that an author wrote in one language: the texts and addresses in their order, the images,
    and the links as the finished mail has them; merge marks still stand in words and addresses.

    `languages` are the edition's; `today` is the day on which the edition is composed.
    """

    language: str
    languages: tuple[str, ...]
    passages: Sequence[Passage]
    images: Sequence[ShownImage]
    links: Sequence[CompiledLink]
    marks: Marks
    today: date


@dataclass(frozen=True, slots=True)
class ExaminedMail:
    """One finished mail, merge marks still in it.

    `language` is a tag, or `mul` for a mail of all `languages`. `document` is the `<html>` element
    of `html` and `sections` maps each element that belongs to a section to its position. `markup`
    is the MJML that it was made of, `text` the plain text part, `media_url` the public address of
    our own images. `heaviest` is the size of the HTML in bytes where a reader's values are longest.
    `postal_address` are the lines of the sender's address in all of `languages`.
    """

    language: str
    languages: tuple[str, ...]
    markup: str
    html: str
    document: etree._Element
    sections: Mapping[etree._Element, int]
    text: str
    links: Sequence[CompiledLink]
    marks: Marks
    media_url: str
    heaviest: int
    postal_address: Sequence[str] = ()
