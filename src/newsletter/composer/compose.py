"""From what an author wrote to a compiled edition: the one way, for preview, test and real send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from newsletter.composer.checks.finished_mail import check_html
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.kinds.kinds import Catalogue
from newsletter.composer.language_mail import LanguageMail
from newsletter.composer.pictures.image_sources import image_sources
from newsletter.composer.pictures.images import Picture, UnusableImage, read_picture
from newsletter.composer.reading.reading import EditionReader
from newsletter.composer.words.merge_values import Marks
from newsletter.domain.brand import Brand
from newsletter.domain.compiled import CompiledEdition, CompiledLanguage, CompiledMedia
from newsletter.domain.editions import EditionContent, Value
from newsletter.domain.errors import BadInput

__all__ = ["compose", "image_sources"]


def compose(
    content: EditionContent,
    brand: Brand,
    images: Mapping[str, bytes],
    *,
    media_url: str,
    catalogue: Catalogue,
) -> CompiledEdition:
    """Compile `content` in each of its languages and check it; the same input gives the same bytes.

    `images` maps each of `image_sources` that is there to its bytes; `media_url` is the public
    address under which the compiled images will be found. A language that lacks translations is
    left out of the result, and the findings say why.

    Raises BadInput when a section is of no known kind or the logo is no image, SurroundingsFailed
    when a template fails.
    """
    findings = FindingList(content)
    marks = Marks(_texts(content))
    logo = _read_logo(brand, media_url)
    read = {
        source: _read_image(images[source], media_url)
        for source in image_sources(content, catalogue)
        if source in images
    }
    pictures = [picture for picture in read.values() if isinstance(picture, Picture)]
    reader = EditionReader(content, catalogue, read, marks, findings)
    readings = {language: reader.read(language) for language in content.languages}
    lacking = findings.languages_with("translation-missing")
    complete = [language for language in readings if language not in lacking]
    mail = LanguageMail(brand, logo, pictures, marks, catalogue.folders)
    compiled: dict[str, CompiledLanguage] = {}
    for language in complete:
        others = [other for other in complete if other != language]
        html, compiled[language] = mail.compile(readings[language], others)
        check_html(html, language, findings)
    return CompiledEdition(
        slug=content.slug,
        topic=content.topic,
        languages=compiled,
        variants=(),
        media=_published(pictures, logo),
        findings=findings.all(),
    )


def _read_logo(brand: Brand, media_url: str) -> Picture | None:
    if brand.logo is None:
        return None
    try:
        return read_picture(brand.logo.content, media_url, width=brand.logo.width)
    except UnusableImage as error:
        raise BadInput(
            f"the brand's logo is {error}", cure="Save it as PNG, JPEG or GIF."
        ) from error


def _read_image(content: bytes, media_url: str) -> Picture | str:
    try:
        return read_picture(content, media_url)
    except UnusableImage as error:
        return str(error)


def _published(pictures: list[Picture], logo: Picture | None) -> tuple[CompiledMedia, ...]:
    """The images, each once: equal bytes have equal names."""
    shown = [logo, *pictures] if logo else pictures
    return tuple({picture.image.name: picture.image for picture in shown}.values())


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
