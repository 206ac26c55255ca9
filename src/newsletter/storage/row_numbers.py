"""Numbers for rows that are about to be inserted by the thousand, and that others will refer to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select


def next_numbers(connection: Connection, table: Table, count: int) -> Sequence[int]:
    """`count` numbers that no row of `table` has as its `id`.

    Call it in a transaction that writes already: on SQLite they are those after the highest, and
    nobody else may insert in between.
    """
    if connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        numbers = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
        return connection.execute(numbers).scalars().all()
    highest: int = connection.execute(_highest(table)).scalar_one() or 0
    return range(highest + 1, highest + 1 + count)


@cache
def _highest(table: Table) -> Select[Any]:
    return select(func.max(table.c.id))
