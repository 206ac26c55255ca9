"""An edition read in one language: all of an author's words, ready for the templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsletter.composer.findings.findings import FindingList, Place
from newsletter.composer.kinds.kinds import Catalogue
from newsletter.composer.kinds.section_kinds import kind_of
from newsletter.composer.pictures.images import Picture
from newsletter.composer.reading.template_context import SectionContext, SectionReader, reporter
from newsletter.composer.words.merge_values import Marks
from newsletter.composer.words.words import NOTHING, Written, read_words
from newsletter.domain.editions import EditionContent


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A section's kind and what its templates see."""

    kind: str
    context: SectionContext


@dataclass(frozen=True, slots=True)
class Reading:
    """An edition in one language: the sections for other languages only are left out."""

    language: str
    subject: Written
    preheader: Written
    sections: tuple[ReadSection, ...]


class EditionReader:
    """Reads one edition, language by language, and notes what is wrong with what it reads."""

    def __init__(
        self,
        content: EditionContent,
        catalogue: Catalogue,
        pictures: Mapping[str, Picture | str],
        marks: Marks,
        findings: FindingList,
    ) -> None:
        self._content = content
        self._catalogue = catalogue
        self._pictures = pictures
        self._marks = marks
        self._findings = findings

    def read(self, language: str) -> Reading:
        """The edition in `language`; words that it lacks are empty, and a finding."""
        return Reading(
            language,
            subject=self._subject(Place(language, field="subject")),
            preheader=self._preheader(Place(language, field="preheader")),
            sections=tuple(self._sections(language)),
        )

    def _subject(self, place: Place) -> Written:
        subjects = self._content.subject
        if place.language not in subjects and any(words.strip() for words in subjects.values()):
            self._findings.add("translation-missing", "missing", place)
        elif not subjects.get(place.language, "").strip():
            self._findings.add("subject-empty", "empty", place)
        return self._read(subjects.get(place.language, ""), place)

    def _preheader(self, place: Place) -> Written:
        words = self._content.preheader.get(place.language, "")
        if not words.strip() and any(other.strip() for other in self._content.preheader.values()):
            self._findings.add("translation-missing", "missing", place)
        return self._read(words, place)

    def _read(self, words: str, place: Place) -> Written:
        if not words.strip():
            return NOTHING
        return read_words(words.strip(), self._marks, reporter(self._findings, place))

    def _sections(self, language: str) -> Iterator[ReadSection]:
        for position, section in enumerate(self._content.sections, start=1):
            kind = kind_of(section, position, self._catalogue)
            if section.only_for not in (None, language):
                continue
            reader = SectionReader(
                self._pictures,
                self._marks,
                self._findings,
                is_single=section.only_for is not None or len(self._content.languages) == 1,
            )
            place = Place(language, position)
            yield ReadSection(kind.name, reader.read(kind.fields, section.fields, place))
