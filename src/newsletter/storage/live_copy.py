"""Which copy of the database is the live one: the only one that may send (design 5, S11).

A restored backup or a copied workspace looks like the real thing and would send its scheduled
editions once more. So the database is bound to where it lies, and counts its senders twice: in
itself and in the file `live` beside the journals, which a backup put in its place does not bring
back. Each sending process raises the counter when it starts and when it ends, the file first.
A database and a file of the same number are a pair. A process that was killed between the two
leaves the file ahead by one, and its own row open: that is a pair as well, as long as the journals
of all open rows are there. Where one is missing its process came to its end, and the row is open in
an older database only.

A server has no such file: there the identity alone decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.counter_file import CounterFile
from newsletter.storage.database_identity import database_identity
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import live_copy, senders
from newsletter.storage.whereabouts import whereabouts


class CopyState(StrEnum):
    """Which copy a database is."""

    LIVE = "live"
    UNBOUND = "unbound"  # nothing was ever sent from it: it is the live one once it is bound
    ELSEWHERE = "elsewhere"
    OUTDATED = "outdated"
    UNCOUNTED = "uncounted"


_WORDS: Mapping[CopyState, str] = MappingProxyType(
    {
        CopyState.ELSEWHERE: "this database is a copy, was moved, or was restored from a backup;"
        " the live one is {bound_to}",
        CopyState.OUTDATED: "this database does not go with what was last sent from here: one of"
        " the two, the database or the folder {folder}, comes from a backup",
        CopyState.UNCOUNTED: "this database may be a copy or come from a backup: no file `live`,"
        " which would tell, is in {folder}",
    }
)
_CURE = (
    "Nothing is sent from it, so that nobody gets an edition twice. If this is the database to go"
    " on with, stop whatever still sends from another one, then run `newsletter db adopt`."
)

Work = Callable[[Connection], object]
"""What is to be done in the same transaction."""


def _nothing(_connection: Connection) -> None: ...


@dataclass(frozen=True, slots=True)
class CopyStanding:
    """Which copy a database is, and which one it says is live (None when it knows of none)."""

    state: CopyState
    bound_to: str | None

    @property
    def is_live(self) -> bool:
        """Whether it may send; one to which nothing was ever bound may, being bound by that."""
        return self.state in (CopyState.LIVE, CopyState.UNBOUND)


class LiveCopy:
    """Tells whether a database is the live one, and keeps it so.

    `database_file` is that of SQLite, None for a server's database; the counter lies in
    `journal_folder`. Every method raises SurroundingsFailed when database or disk do not answer.
    """

    def __init__(
        self,
        engine: Engine,
        database_file: Path | None,
        journal_folder: Path,
        now: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._database_file = database_file
        self._journal_folder = journal_folder
        self._file = None if database_file is None else CounterFile(journal_folder)
        self._now = now

    @property
    def identity(self) -> str:
        """Which database this is, live or not: what `database_identity` says of it."""
        with reading(self._engine) as connection:
            return database_identity(connection, self._database_file)

    @property
    def standing(self) -> CopyStanding:
        """Which copy this is. Changes nothing."""
        with reading(self._engine) as connection:
            found = self._judge(connection)
        if found.is_live:
            return found
        # Some process may just have been between file and database. None is during our turn.
        with writing(self._engine) as connection:
            return self._judge(connection)

    def bind(self) -> None:
        """Makes this the live copy if nothing was ever bound; else changes nothing."""
        with writing(self._engine) as connection:
            self._judge_bound(connection)

    def require_live(self) -> None:
        """Raises SurroundingsFailed, which names the way out, unless this is the live copy."""
        standing = self.standing
        if standing.state is CopyState.UNBOUND:
            self.bind()
            standing = self.standing
        if not standing.is_live:
            raise self.fault(standing)

    def count_sender(self, at_once: Work = _nothing) -> None:
        """Counts one more start or end of a sending process, in one transaction with `at_once`.

        The journal and the open row of such a process must be there before; the row may be closed
        in `at_once`, and the journal deleted after: then this is the live copy at whatever instant
        the process dies. Raises SurroundingsFailed, with nothing changed, when it is not.
        """
        with writing(self._engine) as connection:
            standing = self._judge_bound(connection)
            if not standing.is_live:
                raise self.fault(standing)
            at_once(connection)
            if self._file is not None:
                _count(connection, self._file)

    def rebind(self, at_once: Work = _nothing) -> None:
        """Makes this the live copy whatever it was, in one transaction with `at_once`."""
        with writing(self._engine) as connection:
            at_once(connection)
            bound = _bound(connection)
            # Ahead by two at least: if this process dies before the end of the transaction, the two
            # are no pair, and nothing is sent.
            self._bind(connection, max(self._number() or 0, bound.counter if bound else 0) + 2)

    def fault(self, standing: CopyStanding) -> SurroundingsFailed:
        """Why nothing is sent from a copy that stands like that, and what to do about it."""
        return SurroundingsFailed(
            _WORDS[standing.state].format(bound_to=standing.bound_to, folder=self._journal_folder),
            where=whereabouts(self._engine.url),
            cure=_CURE,
        )

    def _number(self) -> int | None:
        return None if self._file is None else self._file.read()

    def _judge(self, connection: Connection) -> CopyStanding:
        bound, number = _bound(connection), self._number()
        if bound is None:
            # Where something was counted, a database that knows of nothing is an older one.
            return CopyStanding(CopyState.OUTDATED if number else CopyState.UNBOUND, None)
        if bound.identity != database_identity(connection, self._database_file):
            return CopyStanding(CopyState.ELSEWHERE, bound.identity)
        if self._file is None:
            return CopyStanding(CopyState.LIVE, bound.identity)
        return CopyStanding(self._pairing(connection, number, bound.counter), bound.identity)

    def _pairing(self, connection: Connection, in_file: int | None, in_database: int) -> CopyState:
        if in_file is None:
            return CopyState.UNCOUNTED
        is_pair = in_file == in_database or (
            in_file == in_database + 1 and self._has_died_between(connection)
        )
        return CopyState.LIVE if is_pair else CopyState.OUTDATED

    def _has_died_between(self, connection: Connection) -> bool:
        is_open = senders.c.closed_at.is_(None)
        names = connection.execute(select(senders.c.journal).where(is_open)).scalars().all()
        return bool(names) and all(
            (self._journal_folder / Path(name).name).exists() for name in names
        )

    def _judge_bound(self, connection: Connection) -> CopyStanding:
        standing = self._judge(connection)
        if standing.state is CopyState.UNBOUND:
            self._bind(connection, 0)
            standing = self._judge(connection)
        return standing

    def _bind(self, connection: Connection, counter: int) -> None:
        if self._file is not None:
            self._file.write(counter)
        connection.execute(delete(live_copy))
        connection.execute(
            insert(live_copy).values(
                identity=database_identity(connection, self._database_file),
                counter=counter,
                bound_at=self._now(),
            )
        )


def _count(connection: Connection, file: CounterFile) -> None:
    number = connection.execute(select(live_copy.c.counter)).scalar_one() + 1
    # Ahead already where a process died between the two: then the database catches up with it.
    if file.read() != number:
        file.write(number)
    connection.execute(update(live_copy).values(counter=number))


def _bound(connection: Connection) -> Row[Any] | None:
    return connection.execute(select(live_copy)).first()
