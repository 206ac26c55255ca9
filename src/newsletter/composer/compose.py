"""From what an author wrote to a compiled edition: the one way, for preview, test and real send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from newsletter.composer.brands.designs import template_folders
from newsletter.composer.checking import check_composed
from newsletter.composer.findings.findings import FindingList, Place
from newsletter.composer.forms import (
    MOST_SEGMENTS,
    MailForm,
    forms_for_everyone,
    segments_of,
    variants_of,
)
from newsletter.composer.kinds.kinds import Catalogue
from newsletter.composer.mail_writer import MailWriter, WrittenMail
from newsletter.composer.pictures.image_sources import image_sources
from newsletter.composer.pictures.shelf import PictureShelf
from newsletter.composer.reading.edition_reader import EditionReader, Reading
from newsletter.composer.reading.reading_room import CalendarShelf, ReadingDesk
from newsletter.composer.terms import Terms
from newsletter.composer.words.merge_values import Marks
from newsletter.domain.brand import Brand
from newsletter.domain.compiled import CompiledEdition, CompiledMedia
from newsletter.domain.editions import EditionContent, Value

__all__ = ["Terms", "compose", "image_sources"]


def compose(
    content: EditionContent,
    brand: Brand,
    images: Mapping[str, bytes],
    *,
    catalogue: Catalogue,
    terms: Terms,
    checks: bool = True,
) -> CompiledEdition:
    """Compile `content` in each of its languages and check it; the same input gives the same bytes.

    `images` maps each of `image_sources` that is there to its bytes. A language that lacks
    translations is left out of the result, and the findings say why; without `checks` they say
    only what keeps the edition from being composed as it was written.

    Raises BadInput when a section is of no known kind or the logo is no image, SurroundingsFailed
    when a template fails.
    """
    work = _Work(content, brand, images, catalogue, terms)
    mails = list(work.mails())
    if checks:
        check_composed(work.readings, mails, brand, work.marks, work.findings, terms)
    return CompiledEdition(
        slug=content.slug,
        topic=content.topic,
        languages={one.compiled.language: one.compiled for one in mails if not one.segments},
        variants=tuple(one.compiled for one in mails if one.segments),
        media=tuple(work.media()),
        findings=work.findings.all(),
    )


@dataclass
class _Work:
    """One edition on its way."""

    content: EditionContent
    brand: Brand
    images: Mapping[str, bytes]
    catalogue: Catalogue
    terms: Terms

    def __post_init__(self) -> None:
        self.findings = FindingList(self.content, self.terms.levels)
        self.marks = Marks(_texts(self.content), self.terms.attributes)
        self.pictures = PictureShelf(self.images, self.terms.media_url)
        self.calendars = CalendarShelf(self.terms.media_url)

    @cached_property
    def readings(self) -> dict[str, Reading]:
        """The edition in each of its languages, whole or not."""
        desk = ReadingDesk(
            slug=self.content.slug,
            timezone=self.terms.timezone,
            pictures=self.pictures,
            calendars=self.calendars,
            marks=self.marks,
            findings=self.findings,
        )
        reader = EditionReader(self.content, self.catalogue, desk)
        return {language: reader.read(language) for language in self.content.languages}

    def mails(self) -> Iterator[WrittenMail]:
        """Every mail that can be written: for everyone first, then for segments."""
        writer = MailWriter(
            brand=self.brand,
            pictures=self.pictures,
            marks=self.marks,
            folders=template_folders(self.brand.design, self.catalogue.folders),
        )
        whole = self._whole_readings()
        everyone = forms_for_everyone(self.content, whole)
        yield from (writer.write(form, self._twins(form, everyone)) for form in everyone)
        if self._has_too_many_segments():
            return
        for form in everyone:
            for variant in variants_of(form, self.content, whole):
                yield writer.write(variant, self._twins(form, everyone))

    def media(self) -> Iterator[CompiledMedia]:
        """The files to be published, each once: equal bytes have equal names."""
        shown = (picture.media for picture in self.pictures.shown.values())
        found = {media.name: media for media in (*shown, *self.calendars.files.values())}
        yield from found.values()

    def _whole_readings(self) -> dict[str, Reading]:
        readings = self.readings
        lacking = self.findings.languages_with("translation-missing")
        return {language: one for language, one in readings.items() if language not in lacking}

    def _twins(self, form: MailForm, forms: tuple[MailForm, ...]) -> tuple[str, ...]:
        return tuple(other.language for other in forms if other.language != form.language)

    def _has_too_many_segments(self) -> bool:
        named = segments_of(self.content)
        if len(named) <= MOST_SEGMENTS:
            return False
        place = Place(self.content.languages[0])
        self.findings.add("too-many-segments", "more", place, count=len(named), most=MOST_SEGMENTS)
        return True


def _texts(content: EditionContent) -> Iterator[str]:
    """All that authors wrote, for a mark that occurs nowhere in it."""
    yield from content.subject.values()
    yield from content.preheader.values()
    for section in content.sections:
        yield from _strings(section.fields)


def _strings(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)
