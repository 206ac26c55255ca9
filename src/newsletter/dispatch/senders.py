"""Sending processes: who they are, which have died, and where their journals lie.

A process first has its journal on the disk, then a row here, and deletes the journal only after
the row is closed (design 5). So whoever finds an open row finds a journal, or knows that one is
missing.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from newsletter.dispatch.journal_records import (
    JournalContent,
    JournalUnreadable,
    database_of,
    read_journal,
)
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.schema import deliveries, editions, senders

_SILENCE = timedelta(hours=1)
"""After this a sender whose journal is elsewhere counts as gone: longer than any server may be
waited for, and a living one is heard of every minute."""


@dataclass(frozen=True, slots=True)
class Sender:
    """A sending process whose row is open; `journal` is the file's name."""

    id: int
    host: str
    pid: int
    journal: str
    seen_at: datetime


def register(connection: Connection, journal: str, now: datetime) -> int:
    """Opens the row of this process, whose journal is on the disk; gives its id."""
    row = insert(senders).values(
        host=socket.gethostname(),
        pid=os.getpid(),
        journal=journal,
        started_at=now,
        seen_at=now,
    )
    key = connection.execute(row).inserted_primary_key
    assert key is not None  # noqa: S101 - for the types: one row was inserted
    return int(key[0])


def heard_of(connection: Connection, sender_id: int, now: datetime) -> None:
    """Says that the process is at work."""
    connection.execute(update(senders).where(senders.c.id == sender_id).values(seen_at=now))


def close(connection: Connection, sender_id: int, now: datetime) -> None:
    """Closes the row: the database knows all that the journal says."""
    connection.execute(
        update(senders).where(senders.c.id == sender_id).values(closed_at=now, seen_at=now)
    )


def open_senders(connection: Connection) -> list[Sender]:
    """The processes whose rows are open, dead or alive, the first ones first."""
    columns = senders.c["id", "host", "pid", "journal", "seen_at"]
    query = select(*columns).where(senders.c.closed_at.is_(None)).order_by(senders.c.id)
    return [Sender(*row) for row in connection.execute(query)]


def has_row(connection: Connection, journal: str) -> bool:
    """Whether a process of this journal is known, be its row open or closed."""
    query = select(senders.c.id).where(senders.c.journal == journal).limit(1)
    return connection.execute(query).first() is not None


def editions_leased(connection: Connection, sender_id: int) -> list[int]:
    """The ids of the editions of which the sender has taken on deliveries that are not recorded."""
    query = (
        select(deliveries.c.edition_id)
        .where(
            # By edition, as the index goes: few are ever being sent.
            deliveries.c.edition_id.in_(select(editions.c.id)),
            deliveries.c.state == DeliveryState.SENDING,
            deliveries.c.sender_id == sender_id,
        )
        .distinct()
    )
    return sorted(connection.execute(query).scalars())


@dataclass(frozen=True, slots=True)
class Remains:
    """What a dead sender left: its row, and its journal where that lies here, else None."""

    sender: Sender
    journal: Path | None

    def read(self) -> JournalContent:
        """What its journal says; raises JournalUnreadable when nothing is certain."""
        if self.journal is None:
            raise JournalUnreadable("it is missing")
        return read_journal(self.journal)

    def remove_journal(self) -> None:
        """Deletes the journal, once the row is closed."""
        if self.journal is not None:
            self.journal.unlink(missing_ok=True)


class JournalFolder:
    """Where the journals of this machine lie."""

    def __init__(self, folder: Path, *, database: str | None, is_shared: bool) -> None:
        """`database` is the identity of the one whose journals are meant: on a server, others may
        have theirs in the same folder. None where the folder goes with the database, wherever both
        were moved. `is_shared`: whoever sends from this database has its journals here, whatever
        its host is called."""
        self.folder = folder
        self._database = database
        self._is_shared = is_shared

    @contextmanager
    def death(self, sender: Sender, now: datetime) -> Iterator[Remains | None]:
        """What the sender left if it is dead, which nobody else replays during the block; None
        while it lives.

        The lock on its journal tells. Where there is none, it is dead if the journal would have to
        be here, else after an hour without a sign. Raises SurroundingsFailed when this user may not
        open the journal.
        """
        file = self.folder / Path(sender.journal).name
        descriptor = _opened(file)
        if descriptor is None:
            yield self._without_journal(sender, now)
            return
        try:
            if not _is_taken(descriptor, file):
                yield None
            elif self._is_own(file):
                yield Remains(sender, file)
            else:
                yield self._without_journal(sender, now)
        finally:
            os.close(descriptor)

    def strangers(self, known: Collection[str]) -> Iterator[tuple[str, JournalContent]]:
        """The names of this database's journals that nobody holds and that are not `known`, and
        what they say; those that cannot be read are left out."""
        for file in self._own_but(known):
            if database_of(file) is None:  # just being made: whoever does needs the lock
                continue
            with _held(file) as is_held, suppress(JournalUnreadable):
                if is_held:
                    yield file.name, read_journal(file)

    def sweep(self, known: Collection[str], *, spares_young: bool = True) -> None:
        """Deletes what processes that died left behind: journals of this database that are not
        among the `known` ones of open rows, and drafts of journals; unless it `spares_young`, also
        those of the last hour."""
        for file in [*self._own_but(known), *self.folder.glob("*.journal.draft")]:
            if spares_young and _is_young(file):
                continue
            with _held(file) as is_held:
                if is_held:
                    file.unlink(missing_ok=True)

    def _own_but(self, known: Collection[str]) -> list[Path]:
        files = self.folder.glob("*.journal")
        return [file for file in files if file.name not in known and self._is_own(file)]

    def _without_journal(self, sender: Sender, now: datetime) -> Remains | None:
        is_dead = self._is_shared or now - sender.seen_at > _SILENCE
        return Remains(sender, None) if is_dead else None

    def _is_own(self, file: Path) -> bool:
        return self._database is None or database_of(file) == self._database


def _opened(file: Path) -> int | None:
    try:
        return os.open(file, os.O_RDWR)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SurroundingsFailed(
            f"the journal of a sender cannot be opened ({error.strerror}), so that nobody knows"
            " whether it lives",
            where=str(file),
            cure="Run all commands as the same user. Once that sender has ended, give the file to"
            " this user (`chown`), then run it again.",
        ) from error


@contextmanager
def _held(file: Path) -> Iterator[bool]:
    """Whether the file is ours for the block; not if somebody lives who holds it."""
    try:
        descriptor = os.open(file, os.O_RDWR)
    except OSError:  # somebody else was faster, or may do more than we
        descriptor = -1
    try:
        yield descriptor >= 0 and _is_taken(descriptor, file)
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _is_young(file: Path) -> bool:
    try:
        return time.time() - file.stat().st_mtime <= _SILENCE.total_seconds()
    except OSError:  # somebody else was faster
        return True


def _is_taken(descriptor: int, file: Path) -> bool:
    """Whether the file of that name is ours now: nobody who lives holds it."""
    return _take(descriptor) and _is_still(descriptor, file)


def _is_still(descriptor: int, file: Path) -> bool:
    """Whether the file of that name is the one that was opened: a living sender lets go of its old
    journal when it has written it anew."""
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except OSError:
        return False


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
