"""Whether anybody has changed the database since one last looked, for a fraction of a query."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from sqlalchemy import Engine

_MARKS = {
    # Moves when any other connection commits (<https://sqlite.org/pragma.html#pragma_data_version>).
    "sqlite": "PRAGMA data_version",
    # Whose changes can be seen now: another answer after each commit that was waited for.
    "postgresql": "SELECT CAST(pg_current_snapshot() AS text)",
}


class ChangeMarker:
    """Looks at the database by a connection of its own, outside of any transaction."""

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.raw_connection()
        if engine.dialect.name == "postgresql":
            self._connection.driver_connection.autocommit = True  # type: ignore[union-attr]
        self._cursor = self._connection.cursor()
        self._query = _MARKS[engine.dialect.name]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._cursor.close()
        # Not given back: the next one to have it would find it changed.
        self._connection.invalidate()

    def read(self) -> object:
        """A value that differs from the one before when somebody else has committed since."""
        self._cursor.execute(self._query)
        row = self._cursor.fetchone()
        return row[0] if row else None
