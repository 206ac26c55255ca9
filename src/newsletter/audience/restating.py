"""Departures that an import tells of again: they are no longer the other import's alone.

Who had left by two lists has left when one of them is taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from newsletter.audience.arrivals import Arrival, Wish
from newsletter.audience.judging import Known
from newsletter.domain.people import SubscriptionStatus
from newsletter.storage.schema import consents


def restated_departures(
    connection: Connection,
    arrivals: Sequence[Arrival],
    known: Mapping[str, Known],
    import_id: int,
) -> list[tuple[int, Wish]]:
    """The departures that so far only another import tells of, each with the subscriber's id.

    The same list again tells nothing new.
    """
    said = [
        (one.id, wish)
        for arrival in arrivals
        if (one := known.get(arrival.canonical)) is not None
        for wish in arrival.wishes
        if wish.status is one.statuses.get(wish.topic_id) is SubscriptionStatus.UNSUBSCRIBED
    ]
    if not said:
        return []
    last = _last_lines(connection, {person for person, _ in said})
    return [
        (person, wish)
        for person, wish in said
        if (line := last.get((person, wish.topic_id))) is not None
        and line.import_id not in (None, import_id)
        and (line.at, line.source) != (wish.since, wish.source)
    ]


def _last_lines(
    connection: Connection, subscriber_ids: Collection[int]
) -> dict[tuple[int, int], Row[Any]]:
    last = (
        select(func.max(consents.c.id))
        .where(consents.c.subscriber_id.in_(subscriber_ids))
        .group_by(consents.c.subscriber_id, consents.c.topic_id)
    )
    rows = connection.execute(select(consents).where(consents.c.id.in_(last)))
    return {(row.subscriber_id, row.topic_id): row for row in rows}
