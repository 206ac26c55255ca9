"""What a section template sees: the author's words of one language, read and made safe.

Every field is read once and comes out twice, for the HTML and for the text template. What cannot be
read becomes empty and a finding, so that one look at an edition names all that is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.composer.calendars.calendar_entries import CalendarEntry
from newsletter.composer.calendars.event_times import check_event_times
from newsletter.composer.findings.findings import Place
from newsletter.composer.kinds.contacts import contact_url
from newsletter.composer.kinds.kinds import CalendarRule, Field, FieldType
from newsletter.composer.kinds.moments import read_moment
from newsletter.composer.kinds.sizes import read_size
from newsletter.composer.reading.image_reader import ImageReader
from newsletter.composer.reading.passages import Passage
from newsletter.composer.reading.reading_room import ReadingRoom
from newsletter.composer.reading.words_of_language import WordsOfLanguage
from newsletter.composer.words.merge_values import mark_url
from newsletter.composer.words.problems import LinkProblem
from newsletter.composer.words.richtext import may_be_linked, read_rich_text
from newsletter.composer.words.words import NOTHING, Written, read_words
from newsletter.domain.editions import Value
from newsletter.i18n import formats

Context = dict[str, object]

_NO_WORDS = (NOTHING.html, NOTHING.text)


@dataclass(frozen=True, slots=True)
class SectionContext:
    """The fields of one section by name, for `section.mjml.j2` and for `section.txt.j2`."""

    html: Context
    text: Context


class SectionReader:
    """Reads the fields of sections in the language of its room.

    `is_single` says that there is but one language, so that a plain string is in it.
    """

    def __init__(self, room: ReadingRoom, *, is_single: bool) -> None:
        self._room = room
        self._words = WordsOfLanguage(room, is_single=is_single)
        self._images = ImageReader(room, self._read_alt)

    def read(
        self, fields: tuple[Field, ...], values: Mapping[str, Value], place: Place
    ) -> SectionContext:
        """The values of `fields`; a field that the author left out is empty: "", None or []."""
        context = SectionContext({}, {})
        for field in fields:
            html, text = self._read_field(field, values.get(field.name), place.at(field.name))
            context.html[field.name] = html
            context.text[field.name] = text
        return context

    def _read_field(self, field: Field, value: Value, place: Place) -> tuple[object, object]:
        match field.type:
            case FieldType.GROUP:
                return self._group(field, value, place)
            case FieldType.LIST:
                return self._list(field, value, place)
            case FieldType.WORDS | FieldType.RICH_TEXT:
                written = self._written(field, value, place)
                return written.html, written.text
            case _:
                same = self._same_in_both(field, value, place)
                return same, same

    def _same_in_both(self, field: Field, value: Value, place: Place) -> object:
        match field.type:
            case FieldType.URL:
                return self._url(field, value, place)
            case FieldType.EMAIL | FieldType.PHONE:
                return self._contact(field, value, place)
            case FieldType.IMAGE:
                return self._images.read(field, value, place)
            case FieldType.CHOICE:
                return str(value or field.first_option)
            case FieldType.DATE:
                return self._date(field, value, place)
            case _:
                return self._size(value)

    def _group(self, field: Field, value: Value, place: Place) -> tuple[object, object]:
        if not isinstance(value, Mapping):
            return None, None
        group = self.read(field.fields, value, place)
        if field.calendar is not None:
            address = self._calendar(field.calendar, group.text, value, place)
            group.html["calendar"] = group.text["calendar"] = address
        return group.html, group.text

    def _list(self, field: Field, value: Value, place: Place) -> tuple[object, object]:
        if not isinstance(value, Sequence) or isinstance(value, str) or field.item is None:
            return [], []
        read = [
            self._read_field(field.item, item, place.at(number))
            for number, item in enumerate(value, start=1)
        ]
        return [html for html, _ in read], [text for _, text in read]

    def _written(self, field: Field, value: Value, place: Place) -> Written:
        source = self._words.in_language(field, value, place)
        if not source.strip():
            return NOTHING
        read = read_rich_text if field.type is FieldType.RICH_TEXT else read_words
        written = read(source, self._room.desk.marks, self._room.reporter(place, source))
        self._room.passages.append(Passage(place, field, source, written))
        return written

    def _read_alt(self, field: Field, value: Value, place: Place) -> str:
        return self._written(field, value, place).text

    def _url(self, field: Field, value: Value, place: Place) -> str:
        """An address that may stand in a link, or ""."""
        neutral = Field(field.name, field.type, required=field.required, neutral=True)
        source = self._words.in_language(neutral, value, place).strip()
        report = self._room.reporter(place)
        url = mark_url(source, self._room.desk.marks, report)
        if not url:
            return ""
        self._room.passages.append(Passage(place, field, source, Written(NOTHING.html, url)))
        if may_be_linked(url):
            return url
        report(LinkProblem(url))
        return ""

    def _contact(self, field: Field, value: Value, place: Place) -> Context | None:
        written = self._words.in_language(field, value, place).strip()
        if not written:
            return None
        url = contact_url(field.type, written)
        self._room.passages.append(Passage(place, field, written, Written(NOTHING.html, url)))
        return {"words": written, "url": url}

    def _date(self, field: Field, value: Value, place: Place) -> Context | None:
        moment = read_moment(value) if isinstance(value, str) else None
        if moment is None:
            return None
        written = Written(NOTHING.html, str(value))
        self._room.passages.append(Passage(place, field, str(value), written))
        day, clock = moment
        return {
            "day": formats.day(day, self._room.language),
            "time": formats.clock(clock, self._room.language) if clock else "",
            "iso": day.isoformat(),
        }

    def _size(self, value: Value) -> str:
        size = read_size(value) if isinstance(value, str) else None
        return formats.size(*size, self._room.language) if size else ""

    def _calendar(
        self, rule: CalendarRule, words: Context, values: Mapping[str, Value], place: Place
    ) -> str:
        """The address of the group's calendar entry; "" when it has no start."""
        starts = read_moment(str(values.get(rule.start)))
        if starts is None:
            return ""
        entry = CalendarEntry(
            identity=f"{self._room.desk.slug}/{place.section}/{place.field}",
            summary=self._for_anybody(words.get(rule.summary)),
            location=self._for_anybody(words.get(rule.location)),
            starts=starts,
            ends=read_moment(str(values.get(rule.end))),
            zone=self._room.desk.timezone,
        )
        check_event_times(entry, place.at(rule.start), place.at(rule.end), self._room.desk.findings)
        return self._room.desk.calendars.put(entry)

    def _for_anybody(self, words: object) -> str:
        """Words of a file that all readers share: merge values are their fallbacks in it."""
        return self._room.desk.marks.readable(str(words or ""))
