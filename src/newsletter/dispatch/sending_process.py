"""The life of a sending process: its journal, its row, the counter of the live database.

The order is what a crash at any instant leaves in order (design 5): the journal on the disk, then
the open row, then the counter; at the end the counter together with the closed row, and the journal
last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from newsletter.dispatch import senders
from newsletter.dispatch.journal import Journal
from newsletter.dispatch.recovery import Counting
from newsletter.domain.errors import DatabaseBusy
from newsletter.storage.engine import writing


@dataclass(frozen=True, slots=True)
class SendingProcess:
    """This process, known to the database by its id."""

    sender_id: int
    journal: Journal


@contextmanager
def sending_process(
    engine: Engine,
    folder: Path,
    counting: Counting,
    now: Callable[[], datetime],
    *,
    is_power_safe: bool,
) -> Iterator[SendingProcess]:
    """This process as a sender for the block.

    Raises SurroundingsFailed when the journal cannot be written. If anything is not recorded at the
    end, the row stays open and the journal stays for whoever sends next.
    """
    journal = Journal.create(folder, counting.identity, is_power_safe=is_power_safe)
    try:
        sender_id = _register(engine, journal, now)
        counting.count_sender(lambda connection: None)
        try:
            yield SendingProcess(sender_id, journal)
        finally:
            _leave(engine, counting, sender_id, journal, now)
    finally:
        journal.close()


def _register(engine: Engine, journal: Journal, now: Callable[[], datetime]) -> int:
    try:
        with writing(engine) as connection:
            return senders.register(connection, journal.name, now())
    except BaseException:
        journal.remove()
        raise


def _leave(
    engine: Engine,
    counting: Counting,
    sender_id: int,
    journal: Journal,
    now: Callable[[], datetime],
) -> None:
    if not journal.is_settled:
        return

    def at_once(connection: Connection) -> None:
        if senders.editions_leased(connection, sender_id):
            raise _StillLeased
        senders.close(connection, sender_id, now())

    # Whatever keeps the row open, the next sender settles it by the journal.
    with suppress(_StillLeased, DatabaseBusy):
        counting.count_sender(at_once)
        journal.remove()


class _StillLeased(Exception):
    """The process is broken off with deliveries in its hands."""
