"""Whom an edition goes to, in which language and variant: one answer for counting and freezing.

Whoever counts or freezes ends the pauses that are over first (`app.pauses`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, false

from newsletter.app.segment_rules import condition_of_rule, frozen_rules
from newsletter.app.workspace import Workspace
from newsletter.audience.audience import count_by_language
from newsletter.audience.topics import topic
from newsletter.domain.audience_rules import FrozenRule, Today
from newsletter.domain.compiled import STACKED
from newsletter.domain.editions import Form
from newsletter.domain.errors import BadInput
from newsletter.domain.stored_editions import Snapshot, StoredEdition
from newsletter.editions import snapshots, store


@dataclass(frozen=True, slots=True)
class SegmentOfVariants:
    """A segment that has sections of its own in the mails of some languages."""

    name: str
    languages: tuple[str, ...]
    condition: ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class EditionAudience:
    """The people of a topic that an edition is for; those of no language of its get the first.

    `segment` is a condition on them, None for everyone.
    """

    topic_id: int
    languages: tuple[str, ...]
    segment: ColumnElement[bool] | None
    varied_by: tuple[SegmentOfVariants, ...] = ()

    def count(self, connection: Connection) -> dict[str, int]:
        """How many people there are in it now, by the language of their mail."""
        return count_by_language(connection, self.topic_id, self.languages, self.segment)


def approved_audience(snapshot: Snapshot, topic_id: int, today: Today) -> EditionAudience:
    """Whom an approved edition goes to, by the rules that it was approved with."""
    conditions = {name: condition_of_rule(rule, today) for name, rule in snapshot.rules.items()}
    return EditionAudience(
        topic_id,
        snapshot.languages,
        _of(snapshot.segment, conditions),
        tuple(
            SegmentOfVariants(name, languages, conditions[name])
            for name, languages in snapshot.varied_by.items()
        ),
    )


def expected_audience(
    connection: Connection, workspace: Workspace, stored: StoredEdition
) -> dict[str, int]:
    """How many people would get the edition today, by language; as `audience_today`."""
    return audience_today(connection, workspace, stored).count(connection)


def audience_today(
    connection: Connection, workspace: Workspace, stored: StoredEdition
) -> EditionAudience:
    """Whom the edition would go to today: by what was approved, else by the newest revision.

    Nobody is in a segment that is not there, or whose rule cannot be read.
    """
    topic_id = topic(connection, stored.topic).id
    today = workspace.today
    snapshot = snapshots.current(connection, stored)
    if snapshot is not None:
        return approved_audience(snapshot, topic_id, today)
    written = store.content(connection, stored)
    languages = (STACKED,) if written.form is Form.STACKED else written.languages
    try:
        rules = _drafted_rules(connection, workspace, written.segment)
    except BadInput:  # approving says why, and refuses
        return EditionAudience(topic_id, languages, false())
    conditions = {name: condition_of_rule(rule, today) for name, rule in rules.items()}
    return EditionAudience(topic_id, languages, _of(written.segment, conditions))


def _drafted_rules(
    connection: Connection, workspace: Workspace, segment: str | None
) -> Mapping[str, FrozenRule]:
    names = () if segment is None else (segment,)
    return frozen_rules(connection, workspace.settings, names)


def _of(
    segment: str | None, conditions: Mapping[str, ColumnElement[bool]]
) -> ColumnElement[bool] | None:
    return None if segment is None else conditions[segment]
