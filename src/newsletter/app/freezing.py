"""Freezing the audience: one delivery row for each reader, all in one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, case, func, insert, literal, select

from newsletter.audience.audience import audience_select
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.stored_editions import StoredEdition
from newsletter.storage.schema import deliveries


def freeze_audience(
    connection: Connection,
    stored: StoredEdition,
    topic_id: int,
    languages: tuple[str, ...],
    now: datetime,
) -> int:
    """Writes a pending delivery for everyone who gets the edition now; gives their number.

    A reader whose language the edition does not have gets its first. A row that is there already
    stays as it is, so that nobody can be mailed twice (S10).
    """
    people = audience_select(topic_id).subquery()
    language = case((people.c.language.in_(languages), people.c.language), else_=languages[0])
    rows = (
        select(
            literal(stored.id),
            people.c.id,
            language,
            people.c.format,
            literal(""),
            literal(DeliveryState.PENDING),
            literal(0),
            literal(now, deliveries.c.updated_at.type),
        )
        .where(
            people.c.id.not_in(
                select(deliveries.c.subscriber_id).where(deliveries.c.edition_id == stored.id)
            )
        )
        .order_by(people.c.id)
    )
    columns = [
        "edition_id",
        "subscriber_id",
        "language",
        "format",
        "variant",
        "state",
        "attempts",
        "updated_at",
    ]
    return connection.execute(insert(deliveries).from_select(columns, rows)).rowcount


def expected_audience(connection: Connection, topic_id: int) -> int:
    """How many people would get an edition of the topic today."""
    people = audience_select(topic_id).subquery()
    return connection.execute(select(func.count()).select_from(people)).scalar_one()
