"""Letting tokens find the people that an import brought in, once they are all in."""

from __future__ import annotations

from sqlalchemy import Engine

from newsletter.app.imports.pace import Pace
from newsletter.audience.handle_index import index_handles, missing_handles
from newsletter.storage.engine import reading, writing


def index_all_handles(engine: Engine, pace: Pace) -> None:
    """Completes the index of handles, some hundreds at a time, whoever left it behind."""
    with reading(engine) as looking:
        for rows in missing_handles(looking):
            with pace.holding(len(rows)), writing(engine) as connection:
                index_handles(connection, rows)
            pace.rest()
