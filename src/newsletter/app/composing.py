"""Composing an edition file, and writing what came of it for a person to look at."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from newsletter.app.edition_images import read_images
from newsletter.app.message_facts import message_templates
from newsletter.app.workshop import Workshop
from newsletter.composer.compose import compose, image_sources
from newsletter.composer.edition_files.edition_file import read_edition
from newsletter.dispatch.personal_messages import (
    INERT_TOKENS,
    Addressee,
    slot_values,
    write_message,
)
from newsletter.domain.compiled import CompiledEdition
from newsletter.domain.editions import EditionContent
from newsletter.domain.errors import BadInput, SurroundingsFailed
from newsletter.domain.findings import Level
from newsletter.mail.page_links import link_pages
from newsletter.mail.slots import fill_html, fill_text

_KINDS = ("html", "txt", "eml", "preview.html")
EXAMPLE_READER = "reader@example.org"
_EXAMPLE = Addressee(EXAMPLE_READER, "")
_EXAMPLE_VALUES = slot_values(_EXAMPLE, INERT_TOKENS.links)


@dataclass(frozen=True, slots=True)
class WrittenLanguage:
    """What composing wrote for one language; the paths are None when nothing was written."""

    subject: str | None
    html: Path | None = None
    text: Path | None = None
    eml: Path | None = None
    html_bytes: int | None = None

    def as_json(self) -> dict[str, object]:
        """The language with exactly the keys that the command line promises."""
        return {
            "subject": self.subject,
            "html": _shown(self.html),
            "text": _shown(self.text),
            "eml": _shown(self.eml),
            "html_bytes": self.html_bytes,
        }


@dataclass(frozen=True, slots=True)
class Composition:
    """An edition, what it was compiled to, and what was written, per language asked for."""

    content: EditionContent
    compiled: CompiledEdition
    written: Mapping[str, WrittenLanguage]

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
        for language in read.content.languages
    }
    return Composition(read.content, compiled, written)


def compose_file(
    workshop: Workshop,
    file: Path,
    *,
    language: str | None,
    out: Path | None,
    now: datetime,
) -> Composition:
    """Composes the edition and writes each language's HTML, text, mail and preview into a folder.

    `.html` is exactly what a reader with no name gets, with links that open nothing, and `.eml` the
    message around it (only the topic's name, which is in the database, is its slug here); the
    preview is the same page with pictures that show without the public server.
    """
    read = read_edition_file(workshop, file)
    wanted = _wanted(read.content, language)
    compiled = compile_content(workshop, read.content, read.images, now)
    folder = (out or workshop.compose_folder / read.content.slug).resolve()
    try:
        written = _write_all(workshop, compiled, wanted, folder, now)
    except OSError as error:
        raise SurroundingsFailed(
            f"cannot write to {folder}: {error.strerror}",
            cure="Name another folder with --out DIR.",
        ) from None
    return Composition(read.content, compiled, written)


def _wanted(content: EditionContent, language: str | None) -> tuple[str, ...]:
    if language is None:
        return content.languages
    if language not in content.languages:
        raise BadInput(
            f"edition {content.slug} has no language {language}",
            cure=f"Its languages are {', '.join(content.languages)}.",
        )
    return (language,)


def _write_all(
    workshop: Workshop,
    compiled: CompiledEdition,
    languages: tuple[str, ...],
    folder: Path,
    now: datetime,
) -> dict[str, WrittenLanguage]:
    media = folder / "media"
    media.mkdir(parents=True, exist_ok=True)
    for image in compiled.media:
        (media / image.name).write_bytes(image.content)
    return {language: _write(workshop, compiled, language, folder, now) for language in languages}


def _write(
    workshop: Workshop, compiled: CompiledEdition, language: str, folder: Path, now: datetime
) -> WrittenLanguage:
    files = {kind: folder / f"{language}.{kind}" for kind in _KINDS}
    for file in files.values():
        file.unlink(missing_ok=True)  # what an earlier run wrote must not pass for this one's
    if language not in compiled.languages:
        return WrittenLanguage(subject=None)
    text = compiled.languages[language]
    only = replace(compiled, languages={language: text})
    template = message_templates(workshop, only, list_name=compiled.topic)[language]
    _, message = write_message(
        template,
        _EXAMPLE,
        INERT_TOKENS,
        bounce_address=workshop.settings.mail.bounce_address,
        now=now,
    )
    linked = link_pages(text, workshop.settings.site.base_url)
    html = fill_html(linked.html, _EXAMPLE_VALUES)
    files["html"].write_text(html, encoding="utf-8", newline="")
    files["txt"].write_text(fill_text(linked.text, _EXAMPLE_VALUES), encoding="utf-8", newline="")
    files["eml"].write_bytes(message)
    preview = html.replace(f"{workshop.settings.media_url}/", "media/")
    files["preview.html"].write_text(preview, encoding="utf-8", newline="")
    return WrittenLanguage(
        subject=fill_text(linked.subject, _EXAMPLE_VALUES),
        html=files["html"],
        text=files["txt"],
        eml=files["eml"],
        html_bytes=files["html"].stat().st_size,
    )


def _subject(workshop: Workshop, compiled: CompiledEdition, language: str) -> str | None:
    if language not in compiled.languages:
        return None
    linked = link_pages(compiled.languages[language], workshop.settings.site.base_url)
    return fill_text(linked.subject, _EXAMPLE_VALUES)


def _shown(path: Path | None) -> str | None:
    return None if path is None else str(path)
