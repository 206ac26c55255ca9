"""Inserting many rows by the driver's own `executemany`.

SQLAlchemy's way of it takes a dict for each row and looks at every value; for the millions of rows
of an import that is most of the time during which the write lock is held.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from newsletter.storage.upserts import upsert

Row = tuple[Any, ...]
"""The values of one row, in the order of the columns."""

_Processor = Callable[[Any], Any]

_REMEMBERED = 4096


class BulkInsert:
    """INSERTs into some columns of a table; with `updating`, where there is a row of the same key,
    these columns of it get the new values.

    The columns are to be named in the order of the table, so that no row has to be put in order;
    raises ValueError when they are not.
    """

    def __init__(
        self, table: Table, columns: Sequence[str], *, updating: Sequence[str] = ()
    ) -> None:
        self._table = table
        self._columns = [column.name for column in table.c if column.name in columns]
        if self._columns != list(columns):
            raise ValueError(f"the columns of {table.name} are, in order: {self._columns}")
        self._updating = tuple(updating)
        self._prepared: dict[str, _Prepared] = {}

    def __call__(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Inserts the rows; none at all is nothing."""
        if not rows:
            return
        name = connection.dialect.name
        if name not in self._prepared:
            self._prepared[name] = self._prepare(connection)
        self._prepared[name].run(connection, rows)

    def _prepare(self, connection: Connection) -> _Prepared:
        statement = upsert(connection, self._table)
        if self._updating:
            statement = statement.on_conflict_do_update(
                index_elements=list(self._table.primary_key),
                set_={name: statement.excluded[name] for name in self._updating},
            )
        dialect = connection.dialect
        compiled = statement.compile(dialect=dialect, column_keys=self._columns)
        processors = [_processor(self._table.c[name].type, dialect) for name in self._columns]
        return _Prepared(
            sql=str(compiled),
            names=None if compiled.positional else self._columns,
            processors=[(place, make) for place, make in enumerate(processors) if make],
        )


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The statement; the places of values that have to be made ones of the driver's; and the names
    of the parameters, for a driver that goes by names."""

    sql: str
    names: Sequence[str] | None
    processors: Sequence[tuple[int, _Processor]]

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        taken = [self._taken(row) for row in rows] if self.processors else list(rows)
        if self.names is None:
            connection.exec_driver_sql(self.sql, taken)
        else:
            named = [dict(zip(self.names, row, strict=True)) for row in taken]
            connection.exec_driver_sql(self.sql, named)

    def _taken(self, row: Row) -> Row:
        values = list(row)
        for place, make in self.processors:
            values[place] = make(values[place])
        return tuple(values)


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> _Processor | None:
    processor = kind.dialect_impl(dialect).bind_processor(dialect)
    if processor is None or not kind.hashable:
        return processor
    # The same few instants come again and again.
    return lru_cache(_REMEMBERED)(processor)
