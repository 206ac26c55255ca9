"""How often an edition's deliveries were attempted, by which relay, and how long it took until they
were accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, Select, func, select

from newsletter.domain.deliveries import DeliveryState
from newsletter.storage.schema import deliveries, delivery_attempts
from newsletter.storage.time_functions import seconds_between


@dataclass(frozen=True, slots=True)
class RelayFigures:
    """What one relay was asked to take: `number` attempts, `first` of which were the first ones of
    their deliveries, and `accepted` of which it accepted.

    `relay` is host and port, None of the outbox, and where nobody noted it; `transport` is `smtp`
    or `maildir`.
    """

    relay: str | None
    transport: str
    number: int
    first: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds from the first attempt until a delivery was accepted, 0 for those accepted at it:
    those of half of them are at most `median`, those of 95 in 100 at most `p95`."""

    median: int
    p95: int


def by_relay(connection: Connection, edition_id: int) -> list[RelayFigures]:
    """The edition's attempts by relay, the busiest first."""
    return [RelayFigures(*row) for row in connection.execute(_by_relay(edition_id))]


def waits(connection: Connection, edition_id: int, at_once: int) -> Waits | None:
    """How long it took; `at_once` is how many were accepted at the first attempt. None when nothing
    was accepted."""
    lengths = {row.seconds: row.number for row in connection.execute(_waited(edition_id))}
    lengths[0] = lengths.get(0, 0) + at_once
    if not any(lengths.values()):
        return None
    return Waits(*percentiles(lengths, (50, 95)))


def percentiles(numbers: Mapping[int, int], wanted: Sequence[int]) -> list[int]:
    """Of values that occur so many times, the least one that so many in a hundred do not exceed
    (the nearest rank); `numbers` must count something."""
    values = sorted(numbers)
    reached = list(accumulate(numbers[value] for value in values))
    ranks = [-(-reached[-1] * percent // 100) for percent in wanted]
    return [next(v for v, n in zip(values, reached, strict=True) if n >= rank) for rank in ranks]


def _by_relay(edition_id: int) -> Select[Any]:
    attempts = delivery_attempts.c
    number = func.count()
    return (
        select(
            attempts.relay,
            func.min(attempts.transport),
            number,
            func.count().filter(attempts.number == 1),
            func.count().filter(attempts.state == DeliveryState.ACCEPTED),
        )
        .join(deliveries, deliveries.c.id == attempts.delivery_id)
        .where(deliveries.c.edition_id == edition_id)
        .group_by(attempts.relay)
        .order_by(number.desc(), attempts.relay)
    )


def _waited(edition_id: int) -> Select[Any]:
    # Only of the few that were tried again: reading two instants of each of a million rows takes
    # SQLite as long as all the rest of a report.
    seconds = seconds_between(deliveries.c.first_attempt_at, deliveries.c.updated_at)
    rows = (
        select(seconds.label("seconds"))
        .where(
            deliveries.c.edition_id == edition_id,
            deliveries.c.state == DeliveryState.ACCEPTED,
            deliveries.c.attempts > 1,
        )
        .subquery()
    )
    return select(rows.c.seconds, func.count().label("number")).group_by(rows.c.seconds)
