"""Whether anybody has changed the database since one last looked, for a fraction of a query."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine

from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.whereabouts import whereabouts

_MARKS = {
    # Moves when any other connection commits (<https://sqlite.org/pragma.html#pragma_data_version>).
    "sqlite": "PRAGMA data_version",
    # Whose changes can be seen now: another answer after each commit that was waited for.
    "postgresql": "SELECT CAST(pg_current_snapshot() AS text)",
}


class ChangeMarker:
    """Looks at the database by a connection of its own, outside of any transaction; by the one that
    there is, where the engine is single: then what others do by that counts for nothing.
    """

    def __init__(self, engine: Engine) -> None:
        self._where = whereabouts(engine.url)
        self._failures = engine.dialect.loaded_dbapi.Error
        self._connection = engine.raw_connection()
        if engine.dialect.name == "postgresql":
            driver: Any = self._connection.driver_connection  # psycopg's, which need not be there
            driver.autocommit = True
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
        """A value that differs from the one before when somebody else has committed since.

        Raises SurroundingsFailed when the database does not answer any more.
        """
        try:
            self._cursor.execute(self._query)
            row = self._cursor.fetchone()
        except self._failures:
            # Not its words: a server's may quote what is stored (X13).
            raise SurroundingsFailed(
                "the database does not answer any more",
                where=self._where,
                cure="See that it runs, then run this again: it goes on where it stopped.",
            ) from None
        return row[0] if row else None
