"""An edition read in one language: all of an author's words, ready for the templates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.composer.findings.findings import Place
from newsletter.composer.kinds.kinds import HEADING, Catalogue, Field, FieldType
from newsletter.composer.kinds.section_kinds import kind_of
from newsletter.composer.reading.passages import Passage, ShownImage
from newsletter.composer.reading.reading_room import ReadingDesk, ReadingRoom
from newsletter.composer.reading.section_reader import SectionContext, SectionReader
from newsletter.composer.words.words import NOTHING, Written, read_words
from newsletter.domain.editions import EditionContent, OnlyFor

_LINE = Field("line", FieldType.WORDS)


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A section's place in the edition, its kind, whom it is for, what its templates see, and
    whether it parts its neighbours."""

    position: int
    kind: str
    only_for: OnlyFor
    context: SectionContext
    parts: bool = False

    @property
    def heading(self) -> Written:
        """The words at its head, nothing for a section without."""
        html, text = self.context.html.get(HEADING), self.context.text.get(HEADING)
        return Written(html, str(text)) if isinstance(html, type(NOTHING.html)) else NOTHING


@dataclass(frozen=True, slots=True)
class Reading:
    """An edition in one language: the sections for other languages only are left out."""

    language: str
    subject: Written
    preheader: Written
    sections: tuple[ReadSection, ...]
    passages: tuple[Passage, ...]
    images: tuple[ShownImage, ...]


class EditionReader:
    """Reads one edition, language by language, and notes what is wrong with what it reads."""

    def __init__(self, content: EditionContent, catalogue: Catalogue, desk: ReadingDesk) -> None:
        self._content = content
        self._catalogue = catalogue
        self._desk = desk

    def read(self, language: str) -> Reading:
        """The edition in `language`; words that it lacks are empty, and a finding."""
        room = ReadingRoom(language, self._desk)
        return Reading(
            language,
            subject=self._subject(Place(language, field="subject"), room),
            preheader=self._preheader(Place(language, field="preheader"), room),
            sections=tuple(self._sections(room)),
            passages=tuple(room.passages),
            images=tuple(room.shown_images),
        )

    def _subject(self, place: Place, room: ReadingRoom) -> Written:
        subjects = self._content.subject
        if place.language not in subjects and any(words.strip() for words in subjects.values()):
            room.desk.findings.add("translation-missing", "missing", place)
        elif not subjects.get(place.language, "").strip():
            room.desk.findings.add("subject-empty", "empty", place)
        return _line(subjects.get(place.language, ""), place, room)

    def _preheader(self, place: Place, room: ReadingRoom) -> Written:
        words = self._content.preheader.get(place.language, "")
        if not words.strip() and any(other.strip() for other in self._content.preheader.values()):
            room.desk.findings.add("translation-missing", "missing", place)
        return _line(words, place, room)

    def _sections(self, room: ReadingRoom) -> Iterator[ReadSection]:
        for position, section in enumerate(self._content.sections, start=1):
            kind = kind_of(section, position, self._catalogue)
            only = section.only_for
            if only.language not in (None, room.language):
                continue
            is_single = only.language is not None or len(self._content.languages) == 1
            reader = SectionReader(room, is_single=is_single)
            context = reader.read(kind.fields, section.fields, Place(room.language, position))
            yield ReadSection(position, kind.name, only, context, kind.parts)


def _line(words: str, place: Place, room: ReadingRoom) -> Written:
    if not words.strip():
        return NOTHING
    written = read_words(words.strip(), room.desk.marks, room.reporter(place))
    room.passages.append(Passage(place, _LINE, words, written))
    return written
