"""The words that stand for images: alt-poor, image-text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from newsletter.composer.checks.phrases import any_of
from newsletter.composer.checks.texts import Text, group_of
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.kinds.kinds import FieldType
from newsletter.composer.reading.passages import ShownImage
from newsletter.i18n.word_lists import WordLists

_LONGEST = 150
_FILE_NAME = re.compile(
    r"\S+\.(?:png|jpe?g|jfif|gif|webp|bmp|tiff?|svg|heic)"
    r"|(?:img|dsc[nf]?|pxl|pic|image|photo|scan|screenshot|whatsapp image)[ _-]?\d[\w .:-]*",
    re.IGNORECASE,
)
_WORD_PARTS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Alt:
    """An image with the words that stand for it."""

    image: ShownImage
    text: Text


def check_alternative_texts(
    texts: Sequence[Text], images: Iterable[ShownImage], lists: WordLists, findings: FindingList
) -> None:
    """Look over the words of every image that has some."""
    shown = {group_of(image.place): image for image in images}
    alts = [
        _Alt(shown[group_of(text.place)], text)
        for text in texts
        if text.field == "alt" and group_of(text.place) in shown
    ]
    lines = _lines_by_section(texts, {alt.text.place.section for alt in alts})
    first: dict[str, str] = {}
    for alt in alts:
        _check_words(alt, lists, findings)
        _check_repeats(alt, lines, first, findings)
        _check_pictures_of_words(alt, lists, findings)


def _check_words(alt: _Alt, lists: WordLists, findings: FindingList) -> None:
    words, lowered = alt.text.words.strip(), alt.text.lowered.strip(" .")
    says = {"alt": words, "count": len(words), "most": _LONGEST}
    opening = any_of(lists["alt_openings"]).match(lowered)
    if _FILE_NAME.fullmatch(words) or lowered == PurePosixPath(alt.image.source).name.lower():
        findings.add("alt-poor", "file-name", alt.text.place, **says)
    elif lowered in lists["empty_alts"]:
        findings.add("alt-poor", "empty-words", alt.text.place, **says)
    elif opening:
        findings.add("alt-poor", "opening", alt.text.place, **says)
    if len(words) > _LONGEST:
        findings.add("alt-poor", "long", alt.text.place, **says)


def _lines_by_section(
    texts: Iterable[Text], sections: Container[int | None]
) -> Mapping[int | None, Mapping[str, str]]:
    """The headings, captions and the like of each section: their words, and their fields."""
    lines: dict[int | None, dict[str, str]] = defaultdict(dict)
    for text in texts:
        is_line = text.passage.field.type is FieldType.WORDS and text.field != "alt"
        if is_line and text.place.section in sections:
            lines[text.place.section].setdefault(_bare(text), text.place.field or "")
    return lines


def _check_repeats(
    alt: _Alt,
    lines: Mapping[int | None, Mapping[str, str]],
    first: dict[str, str],
    findings: FindingList,
) -> None:
    """Compare with the section's lines and with the images before, which `first` holds by alt."""
    place, words = alt.text.place, alt.text.words
    field = lines.get(place.section, {}).get(_bare(alt.text))
    if field is not None:
        findings.add("alt-poor", "repeats", place, alt=words, other=field)
    source = alt.image.source
    other = first.setdefault(_bare(alt.text), source)
    if other != source:
        findings.add("alt-poor", "same", place, alt=words, src=source, other=other)


def _check_pictures_of_words(alt: _Alt, lists: WordLists, findings: FindingList) -> None:
    kinds = any_of(lists["pictures_of_words"])
    opening = " ".join(alt.text.words.split()[:3])
    name = _WORD_PARTS.sub(" ", PurePosixPath(alt.image.source).stem)
    for evidence, where in ((opening, "alternative text"), (name, "file name")):
        found = kinds.search(evidence.lower())
        if found:
            findings.add(
                "image-text",
                "suspected",
                alt.image.place,
                src=alt.image.source,
                evidence=where,
                kind=found[0],
            )
            return


def _bare(text: Text) -> str:
    return text.lowered.strip(" .!?:;")
