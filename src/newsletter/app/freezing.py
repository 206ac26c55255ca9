"""Freezing the audience: one delivery row for each reader, all in one transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Text,
    case,
    func,
    insert,
    literal,
    select,
)

from newsletter.app.edition_audience import EditionAudience
from newsletter.audience.audience import audience_select
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.stored_editions import StoredEdition
from newsletter.storage.schema import deliveries


def freeze_audience(
    connection: Connection, stored: StoredEdition, audience: EditionAudience
) -> int:
    """Writes a pending delivery for everyone who gets the edition now; gives their number.

    Each with the language, the format and the variant that the person gets. A row that is there
    already stays as it is, so that nobody can be mailed twice (S10).
    """
    people = _people(audience)
    columns = _columns(stored.id, audience, people)
    # In the order of the people, in which the indexes grow at their ends only.
    rows = select(*columns.values()).order_by(people.c.id)
    there = _there(stored.id)
    # Rows are there only by way of exception, and asking it for each of a million people costs.
    if connection.execute(there.limit(1)).first() is not None:
        rows = rows.where(people.c.id.not_in(there))
    return connection.execute(insert(deliveries).from_select(list(columns), rows)).rowcount


def _there(edition_id: int) -> Select[int | None]:
    return select(deliveries.c.subscriber_id).where(
        deliveries.c.edition_id == edition_id,
        deliveries.c.subscriber_id.is_not(None),  # of somebody erased since
    )


def _columns(
    edition_id: int, audience: EditionAudience, people: Subquery
) -> dict[str, ColumnElement[Any]]:
    """What the row of each of the people holds, by the name of the column."""
    languages = audience.languages
    language = case((people.c.language.in_(languages), people.c.language), else_=languages[0])
    return {
        "edition_id": literal(edition_id),
        "subscriber_id": people.c.id,
        "language": language,
        "format": people.c.format,
        "variant": _variant(audience, people, language),
        "state": literal(DeliveryState.PENDING),
        "attempts": literal(0),
    }


def _people(audience: EditionAudience) -> Subquery:
    """The audience, each row with whether the person is in `in_0`, `in_1` and so on."""
    memberships = (
        segment.condition.label(f"in_{number}") for number, segment in enumerate(audience.varied_by)
    )
    chosen = audience_select(audience.topic_id, audience.segment)
    return chosen.add_columns(*memberships).subquery()


def _variant(
    audience: EditionAudience, people: Subquery, language: ColumnElement[str]
) -> ColumnElement[str]:
    """The names, parted by commas, of the person's segments that have sections in `language`."""
    names: ColumnElement[str] = literal("", Text)
    for number, segment in enumerate(audience.varied_by):
        is_of_it = people.c[f"in_{number}"] & language.in_(segment.languages)
        names = names + case((is_of_it, f",{segment.name}"), else_="")
    return func.substr(names, 2)  # without the first comma
