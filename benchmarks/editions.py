"""What is composed: an edition as long as a real bulletin, and every kind of section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.watching import replaced
from newsletter.app.composing import read_edition_file
from newsletter.app.edition_images import read_images
from newsletter.app.workshop import Workshop, open_workshop
from newsletter.composer.compose import compose, image_sources
from newsletter.composer.edition_files.edition_file import read_sample
from newsletter.composer.edition_files.edition_writer import write_edition
from newsletter.composer.markup.engine import mjml2html
from newsletter.composer.markup.inline import inline_styles
from newsletter.domain.compiled import CompiledEdition
from newsletter.domain.editions import EditionContent

SETTINGS = Path("examples/newsletter.toml")
EXAMPLE = Path("examples/editions/2026-10/edition.yaml")
SEED_SIZE_KINDS = ("masthead", "letter", "article")
"""What of the example is measured: a letter and six long articles, as in the bulletin that the
targets are from."""

LANGUAGES = ("en", "cy")
TODAY = date(2026, 10, 1)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail on its way: the MJML of our templates, the engine's HTML, the sheet to inline."""

    mjml: str
    html: str
    sheet: str


@dataclass(frozen=True, slots=True)
class Sample:
    """An edition to be composed again and again, and all that composing it needs."""

    name: str
    content: EditionContent
    images: Mapping[str, bytes]
    workshop: Workshop

    def compose(self, *, checks: bool) -> CompiledEdition:
        """The compiled edition, made anew."""
        return compose(
            self.content,
            self.workshop.brand,
            self.images,
            catalogue=self.workshop.catalogue,
            terms=self.workshop.terms(TODAY),
            checks=checks,
        )

    def write(self, folder: Path) -> Path:
        """The edition file, written into the folder with its images beside it."""
        for source, image in self.images.items():
            (folder / source).parent.mkdir(parents=True, exist_ok=True)
            (folder / source).write_bytes(image)
        file = folder / "edition.yaml"
        file.write_text(write_edition(self.content), encoding="utf-8")
        return file

    def in_language(self, language: str) -> Sample:
        """The same edition in that language only."""
        content = replace(self.content, languages=(language,))
        return replace(self, name=f"{self.name}, {language}", content=content)

    def reworded(self, number: int) -> Sample:
        """The same edition with the number behind each of its texts, so that every one is new."""
        sections = tuple(
            replace(section, fields=_reworded(section.fields, f" {number}"))
            for section in self.content.sections
        )
        return replace(self, content=replace(self.content, sections=sections))

    def rendered(self) -> list[Rendered]:
        """Each mail as it passes from one library to the next while the edition is composed."""
        passed: list[tuple[str, str]] = []
        sheets: list[str] = []

        def engine(mjml: str, **options: object) -> str:
            html = mjml2html(mjml, **options)
            passed.append((mjml, html))
            return html

        def inliner(document: object, sheet: str) -> None:
            sheets.append(sheet)
            inline_styles(document, sheet)

        with replaced({mjml2html: engine, inline_styles: inliner}):
            self.compose(checks=False)
        return [Rendered(*pair, sheet) for pair, sheet in zip(passed, sheets, strict=True)]


def _reworded(value: Any, behind: str) -> Any:  # noqa: ANN401 - as deep as an author nests
    if isinstance(value, Mapping):
        return {key: _reworded(one, behind) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_reworded(one, behind) for one in value]
    # What has no space in it is an address or a choice.
    return f"{value.rstrip()}{behind}" if isinstance(value, str) and " " in value else value


def seed_size() -> Sample:
    """The letter and the articles of the example edition, in English and Welsh."""
    workshop = open_workshop(SETTINGS, EXAMPLE)
    read = read_edition_file(workshop, EXAMPLE)
    sections = tuple(one for one in read.content.sections if one.kind in SEED_SIZE_KINDS)
    content = replace(read.content, sections=sections)
    images = read_images(EXAMPLE.parent, image_sources(content, workshop.catalogue))
    return Sample("seed size", content, images, workshop)


def kinds() -> Iterator[Sample]:
    """An edition of one section for every kind: its own sample, in all languages."""
    workshop = open_workshop(SETTINGS, EXAMPLE)
    for kind in workshop.catalogue.kinds.values():
        content = EditionContent(
            slug="sample",
            topic="monthly-bulletin",
            languages=LANGUAGES,
            subject=dict.fromkeys(LANGUAGES, kind.name),
            preheader={},
            sections=(read_sample(kind, LANGUAGES),),
        )
        images = read_images(kind.folder, image_sources(content, workshop.catalogue))
        yield Sample(kind.name, content, images, workshop)
