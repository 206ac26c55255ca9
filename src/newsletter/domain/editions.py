"""Editions: one newsletter each, known by its slug and made of sections."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
"""What an edition's and a topic's slug looks like."""

Value: TypeAlias = "str | bool | int | Mapping[str, Value] | Sequence[Value] | None"
"""A value as YAML and JSON hold it."""


class EditionState(StrEnum):
    """Where an edition stands on its way to the readers."""

    DRAFT = "draft"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    HELD = "held"
    COMPLETE = "complete"
    CANCELLED = "cancelled"


class Form(StrEnum):
    """How the languages of an edition reach its readers: each in a mail of its own, or all in one
    below each other."""

    SEPARATE = "separate"
    STACKED = "stacked"


class HeldReason(StrEnum):
    """Why an edition waits for a person before it may go on."""

    NO_RELAY = "no-relay"
    LATE = "late"
    JOURNAL_MISSING = "journal-missing"
    ADOPTED = "adopted"
    OUR_FAULT = "our-fault"
    HARD_BOUNCES = "hard-bounces"
    COMPLAINTS = "complaints"


@dataclass(frozen=True, slots=True)
class OnlyFor:
    """Whom a section is for: the readers of one language, the members of one segment, or both."""

    language: str | None = None
    segment: str | None = None


EVERYONE = OnlyFor()
"""Whom a section is for unless its author says otherwise."""


@dataclass(frozen=True, slots=True)
class Section:
    """One block of an edition.

    `fields` holds what the author wrote, in the author's order, without `kind`, `id` and
    `only_for`. `lines` maps a dotted path inside the section (`image.alt.cy`, "" for the section
    itself) to its line in the file that it was read from; it is empty for a section read from the
    database, and says nothing about what the section means.
    """

    kind: str
    fields: Mapping[str, Value]
    id: str | None = None
    only_for: OnlyFor = EVERYONE
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class EditionContent:
    """What an author wrote: the content of one revision of an edition.

    `subject` and `preheader` map a language to its words; a language may be missing from either,
    which is a finding and not an error. `segment` names whom of the topic's subscribers the edition
    is for, None all of them. `file` is the path that findings name, None for content
    read from the database; `lines` maps `subject.en` and the like to lines of that file.
    """

    slug: str
    topic: str
    languages: tuple[str, ...]
    subject: Mapping[str, str]
    preheader: Mapping[str, str]
    sections: tuple[Section, ...]
    form: Form = Form.SEPARATE
    segment: str | None = None
    file: str | None = field(default=None, compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments that the edition or one of its sections is for, in the order of names."""
        named = {self.segment, *(section.only_for.segment for section in self.sections)}
        return tuple(sorted(segment for segment in named if segment is not None))
