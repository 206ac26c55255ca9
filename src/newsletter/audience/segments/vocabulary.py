"""What rules may speak of: names, the type of each, and what may be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from newsletter.domain.attributes import AttributeType
from newsletter.domain.people import MailFormat

TOPIC = "topic"
SUBSCRIBED = "subscribed"
EVERYBODYS = ("language", "format", "name")
"""What is known of everybody, in columns of their own."""

_EQUALITY = ("=", "!=")
_MEMBERSHIP = ("in", "not in")
_ORDER = ("<", "<=", ">", ">=")
_PRESENCE = ("is set", "is not set")
_QUESTIONS: Mapping[AttributeType, tuple[str, ...]] = {
    AttributeType.TEXT: (*_EQUALITY, *_MEMBERSHIP, *_PRESENCE),
    AttributeType.NUMBER: (*_EQUALITY, *_ORDER, *_MEMBERSHIP, *_PRESENCE),
    AttributeType.DATE: (*_EQUALITY, *_ORDER, *_MEMBERSHIP, *_PRESENCE),
    AttributeType.BOOLEAN: (*_EQUALITY, *_PRESENCE),
    AttributeType.LIST: ("has", *_PRESENCE),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that a rule may ask about.

    `questions` are the words that may follow its name, `choices` the only values that there are,
    or None when any of its type will do.
    """

    name: str
    type: AttributeType
    questions: tuple[str, ...]
    choices: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Vocabulary:
    """What the rules of one site may speak of.

    `attributes` are those declared in its settings, by name, `tags` included; `languages` and
    `topics` are the site's own, None when a rule may name any.
    """

    attributes: Mapping[str, AttributeType]
    languages: tuple[str, ...] | None = None
    topics: tuple[str, ...] | None = None

    @cached_property
    def subjects(self) -> Mapping[str, Subject]:
        """Everything that a rule may begin with, by its name."""
        text, closed = AttributeType.TEXT, (*_EQUALITY, *_MEMBERSHIP)
        own = (
            Subject("language", text, closed, self.languages),
            Subject("format", text, closed, tuple(MailFormat)),
            Subject("name", text, _QUESTIONS[text]),
            Subject(TOPIC, text, closed, self.topics),
            Subject(SUBSCRIBED, AttributeType.DATE, ("before", "after")),
        )
        declared = (Subject(name, kind, _QUESTIONS[kind]) for name, kind in self.attributes.items())
        return {subject.name: subject for subject in (*own, *declared)}
