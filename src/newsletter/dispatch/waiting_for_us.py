"""Deliveries that wait until a fault of ours is mended (S4): nobody is blamed, and then nobody
waits for longer than that."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select, update

from newsletter.domain.bounces import is_greylisting, is_too_fast
from newsletter.domain.deliveries import DeliveryState
from newsletter.storage.id_slices import id_slices
from newsletter.storage.schema import deliveries

_IS_OURS = or_(deliveries.c.code.between(500, 599), deliveries.c.enhanced.like("4.7.%"))
"""Refused for good and deferred all the same, or deferred for a policy: `domain.bounces` says it in
full, which no statement can."""

_WAS_NEVER_TRIED = deliveries.c.attempts == 0


def refusals_of_us(connection: Connection, edition_id: int) -> dict[str, int]:
    """How many of the edition's deliveries wait with each code (`550 5.7.515`), the most first."""
    code = deliveries.c["code", "enhanced"]
    query = (
        _waiting(edition_id, _IS_OURS, *code, func.count().label("number"))
        .group_by(*code)
        .order_by(func.count().desc(), *code)
    )
    return {
        " ".join(str(part) for part in (row.code, row.enhanced) if part): row.number
        for row in connection.execute(query)
    }


def hurry(connection: Connection, edition_id: int, now: datetime) -> int:
    """Makes due at once what waits so, and what was put off and never tried; gives their number.

    Who greylists, or wants us slower, is left the time that it asked for.
    """
    columns = deliveries.c["id", "code", "enhanced", "reply"]
    rows = connection.execute(_waiting(edition_id, _IS_OURS | _WAS_NEVER_TRIED, *columns)).all()
    ids = [row.id for row in rows if not _asks_for_time(row)]
    hurried = update(deliveries).values(next_attempt_at=now)
    for some in id_slices(ids):
        connection.execute(hurried.where(deliveries.c.id.in_(some)))
    return len(ids)


def _waiting(
    edition_id: int, why: ColumnElement[bool], *columns: ColumnElement[Any]
) -> Select[Any]:
    return select(*columns).where(
        deliveries.c.edition_id == edition_id, deliveries.c.state == DeliveryState.DEFERRED, why
    )


def _asks_for_time(row: Row[Any]) -> bool:
    answer = (row.code, row.enhanced, row.reply or "")
    return is_greylisting(*answer) or is_too_fast(*answer)
