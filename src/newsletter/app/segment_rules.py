"""The rules of segments, read in the words that the settings and the topics give."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection

from newsletter.audience.segments.conditions import condition_of
from newsletter.audience.segments.grammar import parse_rule
from newsletter.audience.segments.store import Segment, segment_called
from newsletter.audience.segments.vocabulary import Vocabulary
from newsletter.audience.topics import all_topics
from newsletter.domain.audience_rules import AudienceRule, FrozenRule, Today, names_in
from newsletter.domain.errors import BadInput
from newsletter.settings.model import Settings


def site_vocabulary(connection: Connection, settings: Settings) -> Vocabulary:
    """What rules may speak of in this site now."""
    return Vocabulary(
        attributes=settings.attribute_types,
        languages=tuple(settings.site.languages),
        topics=tuple(one.slug for one in all_topics(connection)),
    )


def read_segment(segment: Segment, vocabulary: Vocabulary) -> AudienceRule:
    """The rule of a saved segment; raises BadInput, naming the segment, when the settings have so
    changed that it cannot be read any more."""
    try:
        return parse_rule(segment.rule, vocabulary)
    except BadInput as error:
        raise BadInput(error.what, where=f"segment {segment.name}", cure=error.cure) from None


def frozen_rules(
    connection: Connection, settings: Settings, names: Iterable[str]
) -> dict[str, FrozenRule]:
    """The rules of these segments as they are now, for an edition that names them.

    Raises BadInput for a segment that is not there, or whose rule cannot be read.
    """
    vocabulary = site_vocabulary(connection, settings)
    rules = {}
    for name in names:
        segment = segment_called(connection, name)
        asked = names_in(read_segment(segment, vocabulary))
        types = {one: kind for one, kind in vocabulary.attributes.items() if one in asked}
        rules[name] = FrozenRule(segment.rule, types)
    return rules


def condition_of_rule(rule: FrozenRule, today: Today) -> ColumnElement[bool]:
    """What a frozen rule asks of a subscriber and their subscription to the edition's topic."""
    return condition_of(parse_rule(rule.text, Vocabulary(rule.types)), today)
