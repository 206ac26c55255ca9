"""Composing an edition file, and writing what came of it for a person to look at."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from newsletter.app.composed_files import FileWriter, WrittenLanguage
from newsletter.app.edition_images import read_images
from newsletter.app.filled_mail import EXAMPLE_READER
from newsletter.app.workshop import Workshop
from newsletter.composer.compose import compose, image_sources
from newsletter.composer.edition_files.edition_file import read_edition
from newsletter.dispatch.personal_messages import INERT_TOKENS, slot_values
from newsletter.domain.compiled import STACKED, CompiledEdition
from newsletter.domain.editions import EditionContent, Form
from newsletter.domain.errors import BadInput, SurroundingsFailed
from newsletter.domain.findings import Level
from newsletter.mail.page_links import link_pages
from newsletter.mail.slots import fill_text

if TYPE_CHECKING:
    from newsletter.app.listed_reader import ListedReader


@dataclass(frozen=True, slots=True)
class Composition:
    """An edition, what it was compiled to, and what was written: per language asked for, and the
    contact sheet, which `check` does not write."""

    content: EditionContent
    compiled: CompiledEdition
    written: Mapping[str, WrittenLanguage]
    sheet: Path | None = None

    @property
    def may_be_sent(self) -> bool:
        """Whether no check forbids it."""
        return not any(finding.level is Level.MUST for finding in self.compiled.findings)

    def as_json(self) -> dict[str, Any]:
        """The answer of `compose` and `check`."""
        return {
            "edition": self.compiled.slug,
            "languages": {name: one.as_json() for name, one in self.written.items()},
            "findings": [finding.as_json() for finding in self.compiled.findings],
            "sheet": None if self.sheet is None else str(self.sheet),
        }


@dataclass(frozen=True, slots=True)
class EditionFile:
    """What an edition file says, the images it names, and the SHA-256, in hex, of its bytes."""

    content: EditionContent
    images: Mapping[str, bytes]
    digest: str


def read_edition_file(workshop: Workshop, file: Path) -> EditionFile:
    """The edition file at `file`; raises FaultyFile, or BadInput when there is none."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise BadInput(f"no file {file}") from None
    except OSError as error:
        raise BadInput(f"cannot read {file}: {error.strerror}") from None
    content = read_edition(data, str(file), workshop.catalogue)
    images = read_images(file.parent, image_sources(content, workshop.catalogue))
    return EditionFile(content, images, hashlib.sha256(data).hexdigest())


def compile_content(
    workshop: Workshop, content: EditionContent, images: Mapping[str, bytes], now: datetime
) -> CompiledEdition:
    """The compiled edition; preview, test send and real send all come through here.

    `now` tells which dates are past, in the site's time zone.
    """
    zone = ZoneInfo(workshop.settings.site.timezone)
    return compose(
        content,
        workshop.brand,
        images,
        catalogue=workshop.catalogue,
        terms=workshop.terms(now.astimezone(zone).date()),
    )


def check_file(workshop: Workshop, file: Path, now: datetime) -> Composition:
    """Composes the edition and writes nothing."""
    read = read_edition_file(workshop, file)
    compiled = compile_content(workshop, read.content, read.images, now)
    written = {
        language: WrittenLanguage(subject=_subject(workshop, compiled, language))
        for language in _mails_of(read.content)
    }
    return Composition(read.content, compiled, written)


def compose_file(
    workshop: Workshop,
    file: Path,
    *,
    language: str | None,
    out: Path | None,
    now: datetime,
    reader: ListedReader | None = None,
) -> Composition:
    """Composes the edition and writes each language's HTML, text and mail, and a contact sheet.

    `.html` is exactly what `reader` gets, with links that open nothing, and `.eml` the message
    around it (only the topic's name, which is in the database, is its slug here). Without a
    `reader` it is one of no name, in every language of the edition; with one, theirs.
    """
    read = read_edition_file(workshop, file)
    if reader is not None:
        language = language or reader.language_of(read.content.languages)
    wanted = _wanted(read.content, language)
    compiled = compile_content(workshop, read.content, read.images, now)
    folder = (out or workshop.compose_folder / read.content.slug).resolve()
    addressee = EXAMPLE_READER if reader is None else reader.addressee
    segments = None if reader is None else reader.segments_of(read.content)
    try:
        writer = FileWriter(workshop, folder, addressee, now, segments)
        files = writer.write(read.content, compiled, wanted)
    except OSError as error:
        raise SurroundingsFailed(
            f"cannot write to {folder}: {error.strerror}",
            cure="Name another folder with --out DIR.",
        ) from None
    return Composition(read.content, compiled, files.languages, files.sheet)


def _mails_of(content: EditionContent) -> tuple[str, ...]:
    """What the mails of the edition call themselves: a language each, or all stacked in one."""
    return (STACKED,) if content.form is Form.STACKED else content.languages


def _wanted(content: EditionContent, language: str | None) -> tuple[str, ...]:
    mails = _mails_of(content)
    if language is None or (language in content.languages and STACKED in mails):
        return mails
    if language not in mails:
        raise BadInput(
            f"edition {content.slug} has no language {language}",
            cure=f"Its languages are {', '.join(content.languages)}.",
        )
    return (language,)


def _subject(workshop: Workshop, compiled: CompiledEdition, language: str) -> str | None:
    if language not in compiled.languages:
        return None
    linked = link_pages(compiled.languages[language], workshop.settings.site.base_url)
    return fill_text(linked.subject, slot_values(EXAMPLE_READER, INERT_TOKENS.links))
