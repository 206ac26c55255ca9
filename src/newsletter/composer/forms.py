"""The forms in which an edition goes out: languages, all of them stacked, and variants by segment.

A form says which sections of which readings stand in one mail; nothing is written yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from newsletter.composer.reading.edition_reader import Reading
from newsletter.domain.compiled import STACKED
from newsletter.domain.editions import EditionContent, Form

MOST_SEGMENTS = 4
"""How many segments an edition may name: each one doubles the number of its variants."""


@dataclass(frozen=True, slots=True)
class MailForm:
    """One mail to be written: its language or `mul`, its readings in order, its segments."""

    language: str
    readings: tuple[Reading, ...]
    segments: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the mail is written in."""
        return tuple(reading.language for reading in self.readings)


def segments_of(content: EditionContent) -> tuple[str, ...]:
    """The segments that sections of the edition are only for, in the order of their names."""
    named = {section.only_for.segment for section in content.sections}
    return tuple(sorted(segment for segment in named if segment is not None))


def forms_for_everyone(
    content: EditionContent, readings: Mapping[str, Reading]
) -> tuple[MailForm, ...]:
    """The forms without any segment's sections: one for each reading, or one of all stacked.

    A stacked mail wants all of the edition's languages: with one missing there is none.
    """
    if content.form is Form.SEPARATE:
        return tuple(
            MailForm(language, (_only_with(reading, ()),)) for language, reading in readings.items()
        )
    if not readings or len(readings) < len(content.languages):
        return ()
    return (MailForm(STACKED, tuple(_only_with(one, ()) for one in readings.values())),)


def variants_of(
    form: MailForm, content: EditionContent, readings: Mapping[str, Reading]
) -> Iterator[MailForm]:
    """The form with the sections of every combination of the segments that its readings name."""
    whole = [readings[language] for language in form.languages]
    named = [name for name in segments_of(content) if any(_has(one, name) for one in whole)]
    for count in range(1, len(named) + 1):
        for segments in combinations(named, count):
            yield replace(
                form,
                readings=tuple(_only_with(one, segments) for one in whole),
                segments=segments,
            )


def _has(reading: Reading, segment: str) -> bool:
    return any(section.only_for.segment == segment for section in reading.sections)


def _only_with(reading: Reading, segments: Sequence[str]) -> Reading:
    kept = (None, *segments)
    sections = tuple(one for one in reading.sections if one.only_for.segment in kept)
    return replace(reading, sections=sections)
