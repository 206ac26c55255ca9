"""What all sections of an edition are read with, in one language."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from newsletter.composer.calendars.calendar_entries import CalendarEntry, write_calendar
from newsletter.composer.findings.findings import FindingList, Place
from newsletter.composer.pictures.shelf import PictureShelf
from newsletter.composer.reading.passages import Passage, ShownImage
from newsletter.composer.words.merge_values import Marks
from newsletter.composer.words.problems import LinkProblem, MergeProblem, Report
from newsletter.domain.compiled import CompiledMedia


@dataclass(slots=True)
class CalendarShelf:
    """The calendar entries of an edition, as the files that they are published in."""

    media_url: str
    files: dict[str, CompiledMedia] = field(default_factory=dict)

    def put(self, entry: CalendarEntry) -> str:
        """Keeps the entry's file and gives its public address."""
        media = write_calendar(entry)
        self.files[media.name] = media
        return f"{self.media_url}/{media.name}"


@dataclass(frozen=True, slots=True)
class ReadingDesk:
    """What an edition is read with in all of its languages.

    `slug` is the edition's; `timezone` that in which days and times are written.
    """

    slug: str
    timezone: str
    pictures: PictureShelf
    calendars: CalendarShelf
    marks: Marks
    findings: FindingList


@dataclass(frozen=True, slots=True)
class ReadingRoom:
    """Reading an edition in one language: the desk, and where what is met there is kept."""

    language: str
    desk: ReadingDesk
    passages: list[Passage] = field(default_factory=list)
    shown_images: list[ShownImage] = field(default_factory=list)

    def reporter(self, place: Place, source: str = "") -> Report:
        """What turns the problems met in the text `source` at `place` into findings."""

        def report(problem: MergeProblem | LinkProblem) -> None:
            if isinstance(problem, LinkProblem):
                line = _line_of(problem.url, source, place)
                self.desk.findings.add("link-scheme", "refused", line, url=problem.url)
                return
            self.desk.findings.add(
                "merge-unknown",
                problem.fault.value,
                _line_of(problem.written, source, place),
                written=problem.written,
                suggestion=problem.suggestion,
            )

        return report


def _line_of(written: str, source: str, place: Place) -> Place:
    """The line of `source` on which what was written stands first; all of it when it has one."""
    offset = source.find(written)
    if offset < 0 or "\n" not in source:
        return place
    return replace(place, row=source.count("\n", 0, offset))
