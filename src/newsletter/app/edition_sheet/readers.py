"""How many people an edition is for, and what became of their mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from newsletter.app.edition_audience import EditionAudience, audience_today
from newsletter.app.workspace import Workspace
from newsletter.audience.audience import audience_select
from newsletter.audience.left_out import count_suppressed
from newsletter.dispatch import totals
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.stored_editions import MailForm, StoredEdition
from newsletter.storage.schema import deliveries, retired_deliveries


@dataclass(frozen=True, slots=True)
class ReaderNumbers:
    """Whom an edition is for, in numbers.

    Once the people are frozen, `states` and `skips` tell what became of their mail; before, both
    are empty and the numbers are today's. `forms` is by language and variant, empty when nobody
    knows; `suppressed` are left out today, None once the people are frozen.
    """

    languages: Mapping[str, int]
    forms: Mapping[MailForm, int]
    suppressed: int | None
    states: Mapping[DeliveryState, int]
    skips: Mapping[str, int]

    @property
    def frozen(self) -> bool:
        """Whether it is settled who they are."""
        return bool(self.states)

    @property
    def all(self) -> int:
        """Everyone."""
        return sum(self.languages.values())


def reader_numbers(
    connection: Connection, workspace: Workspace, stored: StoredEdition
) -> ReaderNumbers:
    """The numbers of an edition as they are now."""
    states = totals.counts(connection, stored.id)
    if any(states.values()):
        return ReaderNumbers(
            languages=totals.counts_by_language(connection, stored.id),
            forms=_frozen_forms(connection, stored.id),
            suppressed=None,
            states=states,
            skips=_skips(connection, stored.id),
        )
    audience = audience_today(connection, workspace, stored)
    return ReaderNumbers(
        languages=audience.count(connection),
        forms=forms_today(connection, audience),
        suppressed=count_suppressed(connection, audience.topic_id, audience.segment),
        states={},
        skips={},
    )


def _frozen_forms(connection: Connection, edition_id: int) -> dict[MailForm, int]:
    if totals.has_retired(connection, edition_id):
        return {}  # retention keeps the languages, and no more
    form = (deliveries.c.language, deliveries.c.variant)
    query = select(*form, func.count()).where(deliveries.c.edition_id == edition_id).group_by(*form)
    return {(language, variant): number for language, variant, number in connection.execute(query)}


def forms_today(connection: Connection, audience: EditionAudience) -> dict[MailForm, int]:
    """How many people get each form today; one that nobody gets is not there."""
    varied_by = audience.varied_by
    memberships = [one.condition.label(f"in_{number}") for number, one in enumerate(varied_by)]
    people = (
        audience_select(audience.topic_id, audience.segment).add_columns(*memberships).subquery()
    )
    groups = (people.c.language, *(people.c[f"in_{place}"] for place in range(len(varied_by))))
    found: Counter[MailForm] = Counter()
    for own_language, *is_in, number in connection.execute(
        select(*groups, func.count()).group_by(*groups)
    ):
        known = own_language in audience.languages
        language = own_language if known else audience.languages[0]
        names = (
            segment.name
            for segment, is_of_it in zip(varied_by, is_in, strict=True)
            if is_of_it and language in segment.languages
        )
        found[language, ",".join(names)] += number
    return dict(found)


def _skips(connection: Connection, edition_id: int) -> dict[str, int]:
    kept = (
        select(deliveries.c.reason, func.count())
        .where(deliveries.c.edition_id == edition_id, deliveries.c.state == DeliveryState.SKIPPED)
        .group_by(deliveries.c.reason)
    )
    retired = select(retired_deliveries.c.reason, retired_deliveries.c.number).where(
        retired_deliveries.c.edition_id == edition_id,
        retired_deliveries.c.state == DeliveryState.SKIPPED,
    )
    found: Counter[str] = Counter()
    for query in (kept, retired):
        for reason, number in connection.execute(query):
            found[reason] += number
    return dict(found)
