"""Segments, as staff look after them: adding, listing, counting and removing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from newsletter.app.pauses import end_pauses
from newsletter.app.segment_rules import read_segment, site_vocabulary
from newsletter.app.workspace import Workspace
from newsletter.audience.audience import count_by_language
from newsletter.audience.segments import store
from newsletter.audience.segments.conditions import condition_of
from newsletter.audience.segments.grammar import parse_rule
from newsletter.audience.segments.rule_text import rule_text
from newsletter.audience.segments.store import Segment
from newsletter.audience.topics import topic
from newsletter.domain.audience_rules import AudienceRule
from newsletter.domain.editions import EditionState
from newsletter.domain.errors import Refused
from newsletter.editions import store as editions
from newsletter.storage.engine import reading, writing

_OVER = (EditionState.COMPLETE, EditionState.CANCELLED)


@dataclass(frozen=True, slots=True)
class SegmentCount:
    """How many people of a topic are in a segment, which has a name, or by a rule, which has none.

    `languages` is their number by the language of their mail; every language of the site is there.
    """

    name: str | None
    rule: str
    topic: str
    languages: dict[str, int]

    @property
    def count(self) -> int:
        """How many people there are in all."""
        return sum(self.languages.values())

    def as_json(self) -> dict[str, Any]:
        """The answer with exactly the keys that the command line promises."""
        asked = {"rule": self.rule} if self.name is None else {"segment": self.name}
        return {**asked, "topic": self.topic, "count": self.count, "languages": self.languages}


def add_segment(
    workspace: Workspace, name: str, rule: str, *, replace: bool, actor: str
) -> Segment:
    """Saves a rule under a name, written in its one form.

    Raises BadInput for a rule that cannot be read, at the column, and for a name that cannot be
    used; Refused when the name is taken, unless `replace`.
    """
    with writing(workspace.engine) as connection:
        parsed = parse_rule(rule, site_vocabulary(connection, workspace.settings))
        segment = Segment(name, rule_text(parsed))
        store.save_segment(connection, segment, replace=replace, actor=actor, now=workspace.now())
    return segment


def remove_segment(workspace: Workspace, name: str, *, actor: str) -> None:
    """Removes a segment; raises BadInput when there is none, Refused while an edition that is not
    over uses it."""
    with writing(workspace.engine) as connection:
        store.remove_segment(connection, name, actor=actor, now=workspace.now())
        used_by = _editions_of(connection, name)
        if used_by:
            raise Refused(
                f"segment {name} is used by {', '.join(used_by)}",
                cure="Import the edition without it first, or wait until it is complete.",
            )


def all_segments(workspace: Workspace) -> list[Segment]:
    """Every segment, by name."""
    with reading(workspace.engine) as connection:
        return list(store.all_segments(connection))


def count_segment(workspace: Workspace, asked: str, topic_slug: str) -> SegmentCount:
    """How many people would get an edition of the topic for this segment, or by this rule, now.

    What is no segment's name is read as a rule. Raises BadInput for one that cannot be read.
    """
    languages = workspace.settings.site.languages
    end_pauses(workspace)
    with reading(workspace.engine) as connection:
        topic_id = topic(connection, topic_slug).id
        saved = store.find_segment(connection, asked)
        parsed = _rule(connection, workspace, asked, saved)
        condition = condition_of(parsed, workspace.today)
        found = count_by_language(connection, topic_id, languages, condition)
    return SegmentCount(None if saved is None else saved.name, rule_text(parsed), topic_slug, found)


def _rule(
    connection: Connection, workspace: Workspace, asked: str, saved: Segment | None
) -> AudienceRule:
    vocabulary = site_vocabulary(connection, workspace.settings)
    if saved is not None:
        return read_segment(saved, vocabulary)
    if asked.replace("-", "").isalnum():  # no rule is one word: it can only be meant as a name
        store.segment_called(connection, asked)
    return parse_rule(asked, vocabulary)


def _editions_of(connection: Connection, name: str) -> Sequence[str]:
    return [
        one.slug
        for one in editions.all_editions(connection)
        if one.state not in _OVER and name in editions.content(connection, one).segments
    ]
