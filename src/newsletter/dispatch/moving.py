"""Changing the state of deliveries, by the table of transitions and in no other way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Update, or_, update

from newsletter.dispatch.transitions import TRANSITIONS, Cause
from newsletter.storage.schema import deliveries


def move(
    connection: Connection, cause: Cause, chosen: ColumnElement[bool], **values: object
) -> int:
    """Moves those of the chosen rows that are in one of the cause's sources, and gives their
    number; `values` go into their other columns."""
    return connection.execute(moved(cause, **values).where(chosen)).rowcount


def moved(cause: Cause, **values: object) -> Update:
    """The statement of `move` before anything is chosen."""
    way = TRANSITIONS[cause]
    # Not by IN, whose parameters no executemany takes.
    is_in_a_source = or_(*(deliveries.c.state == source for source in sorted(way.sources)))
    changed: dict[str, Any] = {"state": way.to, **values}
    return update(deliveries).where(is_in_a_source).values(**changed)
