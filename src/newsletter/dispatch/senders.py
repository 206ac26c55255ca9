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
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from newsletter.domain.deliveries import DeliveryState
from newsletter.storage.schema import deliveries, editions, senders

_SILENCE = timedelta(hours=1)
"""After this a sender on another machine counts as gone: longer than any server may be waited for,
and a living one is heard of every minute."""


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


class JournalFolder:
    """Where the journals of this machine lie."""

    def __init__(self, folder: Path, *, is_shared: bool) -> None:
        """`is_shared`: whoever sends from this database has its journals here, whatever its host is
        called, as with a database that is a file."""
        self.folder = folder
        self._is_shared = is_shared

    def file(self, sender: Sender) -> Path:
        """Where the sender's journal lies, if it does."""
        return self.folder / Path(sender.journal).name

    @contextmanager
    def death(self, sender: Sender, now: datetime) -> Iterator[bool]:
        """Whether the sender is dead; if so nobody else replays its journal during the block."""
        if not (self._is_shared or sender.host == socket.gethostname()):
            yield now - sender.seen_at > _SILENCE
            return
        file = self.file(sender)
        try:
            descriptor = os.open(file, os.O_RDWR)
        except OSError:  # a journal that cannot be read is the matter of whoever replays it
            yield True
            return
        try:
            yield _take(descriptor) and _is_still(descriptor, file)
        finally:
            os.close(descriptor)

    def remove_strays(self, known: Collection[str]) -> None:
        """Deletes journals of no row, which a process that died between the two left behind."""
        for file in self.folder.glob("*.journal"):
            if file.name not in known:
                _remove_stray(file)


def _remove_stray(file: Path) -> None:
    try:
        is_old = time.time() - file.stat().st_mtime > _SILENCE.total_seconds()
        descriptor = os.open(file, os.O_RDWR)
    except OSError:
        return  # somebody else was faster, or may do more than we
    try:
        if is_old and _take(descriptor):
            file.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


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
