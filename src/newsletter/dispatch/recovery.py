"""What dead senders left behind: their journals replayed, and what no journal tells named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Row, select

from newsletter.dispatch import ledger, senders
from newsletter.dispatch.cancelling import cancel_open_of_cancelled
from newsletter.dispatch.journal_records import JournalContent, JournalUnreadable
from newsletter.dispatch.ledger import Lease
from newsletter.dispatch.moving import move
from newsletter.dispatch.patience import Patience
from newsletter.dispatch.recording import Told, record
from newsletter.dispatch.senders import JournalFolder, Remains, Sender
from newsletter.dispatch.transitions import Cause
from newsletter.domain.deliveries import DeliveryState, Outcome
from newsletter.storage.engine import reading, writing
from newsletter.storage.id_slices import id_slices
from newsletter.storage.schema import deliveries, editions, subscribers

_LATEST = 1000
"""Attempts of a journal at which the database is looked at: an older one lacks the latest."""

_LOST = "The sender stopped before the server's answer was recorded."
_NO_JOURNAL = "The sender stopped, and its journal cannot be read."


class Counting(Protocol):
    """What closes the row of a sender whose journal is there, and counts it for the counter by
    which the live database is known."""

    @property
    def identity(self) -> str:
        """Which database this is."""
        ...

    def count_sender(self, at_once: Callable[[Connection], None]) -> None:
        """Counts one more start or end of a sender, in one transaction with `at_once`."""
        ...


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a dead sender's deliveries are recorded; `repeats_unknown` sends again what
    nobody knows of (`dispatch.ambiguous`)."""

    patience: Patience
    repeats_unknown: bool
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class LostJournal:
    """A dead sender whose journal cannot be read, and the editions that it had deliveries of."""

    sender: Sender
    edition_ids: tuple[int, ...]


class Recovery:
    """Settles what dead senders left behind."""

    def __init__(
        self, engine: Engine, folder: JournalFolder, counting: Counting, terms: Terms
    ) -> None:
        self._engine = engine
        self._folder = folder
        self._counting = counting
        self._terms = terms

    def replay_all(self) -> tuple[Counter[DeliveryState], list[LostJournal]]:
        """Replays the journals of dead senders and closes their rows; sweeps up what is of no row.

        Gives what deliveries came to, and the journals that cannot be read: their senders' rows
        stay open, and nothing of theirs is sent before somebody has decided.
        """
        tally: Counter[DeliveryState] = Counter()
        lost = []
        self._folder.sweep({sender.journal for sender in self._open()})
        for remains in self._dead():
            try:
                tally += self._replay(remains, remains.read())
            except JournalUnreadable:
                edition_ids = self._leased(remains.sender)
                if edition_ids:
                    lost.append(LostJournal(remains.sender, edition_ids))
                else:  # nothing was under way, so that nothing is missing
                    self._close_without_journal(remains)
        return tally, lost

    def is_database_behind(self) -> bool:
        """Whether a dead sender's journal knows of attempts that the database does not.

        A sender's row and its claims are in the database before any of it is in a journal. So such
        a database was put in the place of the one that the sender had: it comes from a backup.
        Changes nothing.
        """
        return self._is_any_unknown() or any(self._knows_more(one) for one in self._dead())

    def give_up(self, lost: LostJournal, edition_ids: Collection[int]) -> int:
        """Names unknown what the sender of a lost journal had taken on of these editions; gives
        their number."""
        with writing(self._engine) as connection:  # uncounted, as in `_close_without_journal`
            of_editions = deliveries.c.edition_id.in_(edition_ids)
            of_sender = deliveries.c.sender_id == lost.sender.id
            values = {"reply": _NO_JOURNAL, "updated_at": self._terms.now()}
            number = move(connection, Cause.JOURNAL_LOST, of_editions & of_sender, **values)
            if not senders.editions_leased(connection, lost.sender.id):
                senders.close(connection, lost.sender.id, self._terms.now())
        return number

    def _open(self) -> list[Sender]:
        with reading(self._engine) as connection:
            return senders.open_senders(connection)

    def _dead(self) -> Iterator[Remains]:
        for sender in self._open():
            with self._folder.death(sender, self._terms.now()) as remains:
                if remains is not None:
                    yield remains

    def _is_any_unknown(self) -> bool:
        known = {sender.journal for sender in self._open()}
        return any(
            (content.outcomes or content.unanswered) and not self._has_row(name)
            for name, content in self._folder.strangers(known)
        )

    def _has_row(self, journal: str) -> bool:
        with reading(self._engine) as connection:
            return senders.has_row(connection, journal)

    def _knows_more(self, remains: Remains) -> bool:
        try:
            content = remains.read()
        except JournalUnreadable:
            return False
        # Looked at only now: it may have taken more on, and died, while others were looked at.
        with reading(self._engine) as connection:
            return is_behind(connection, content)

    def _leased(self, sender: Sender) -> tuple[int, ...]:
        with reading(self._engine) as connection:
            return tuple(senders.editions_leased(connection, sender.id))

    def _replay(self, remains: Remains, content: JournalContent) -> Counter[DeliveryState]:
        tally: Counter[DeliveryState] = Counter()
        sender_id = remains.sender.id

        def at_once(connection: Connection) -> None:
            tally.update(settle(connection, sender_id, content, self._terms))
            senders.close(connection, sender_id, self._terms.now())

        self._counting.count_sender(at_once)
        remains.remove_journal()
        return tally

    def _close_without_journal(self, remains: Remains) -> None:
        """Counts nothing: whoever dies while counting is known by a journal, and here is none."""
        with writing(self._engine) as connection:
            senders.close(connection, remains.sender.id, self._terms.now())
        remains.remove_journal()


def settle(
    connection: Connection, sender_id: int, content: JournalContent, terms: Terms
) -> Counter[DeliveryState]:
    """Records of a dead sender's deliveries what its journal says; gives what they came to.

    What had begun and has no answer is unknown. What had not begun is pending again.
    """
    rows = _leased_rows(connection, sender_id)
    tally: Counter[DeliveryState] = Counter()
    told = {row.id: one for row in rows if (one := _told(row, content, terms)) is not None}
    for transport in sorted({row.transport for row in rows}):
        its = [told[row.id] for row in rows if row.id in told and row.transport == transport]
        tally += record(connection, its, Lease(sender_id, transport), terms.patience)
    never_begun = [row.id for row in rows if row.id not in told]
    ledger.release(connection, never_begun, sender_id, terms.now())
    cancel_open_of_cancelled(connection, {row.edition_id for row in rows}, terms.now())
    return tally


def is_behind(connection: Connection, content: JournalContent) -> bool:
    """Whether the journal's latest attempts are unknown to the database."""
    latest = dict([*list(content.outcomes)[-_LATEST:], *content.unanswered])
    for ids in id_slices(latest):
        query = select(deliveries.c.id, deliveries.c.attempts).where(deliveries.c.id.in_(ids))
        if any(row.attempts < latest[row.id] for row in connection.execute(query)):
            return True
    return False


def _leased_rows(connection: Connection, sender_id: int) -> list[Row[Any]]:
    columns = deliveries.c["id", "edition_id", "attempts", "transport", "first_attempt_at"]
    query = (
        select(*columns, subscribers.c.canonical)
        .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .where(
            deliveries.c.edition_id.in_(select(editions.c.id)),
            deliveries.c.state == DeliveryState.SENDING,
            deliveries.c.sender_id == sender_id,
        )
    )
    return list(connection.execute(query))


def _told(row: Row[Any], content: JournalContent, terms: Terms) -> Told | None:
    """What the attempt of this row came to; None when it had not begun."""
    attempt = (row.id, row.attempts)
    outcome = content.outcomes.get(attempt)
    if outcome is None:
        if attempt not in content.unanswered and content.is_whole:
            return None
        outcome = Outcome(DeliveryState.UNKNOWN, None, None, _LOST)
    repeats = terms.repeats_unknown and outcome.state is DeliveryState.UNKNOWN
    first = row.first_attempt_at
    receiver = row.canonical.rpartition("@")[2] if row.canonical else None
    return Told(
        *(row.id, row.attempts, outcome, terms.now(), first),
        is_to_be_repeated=repeats,
        receiver=receiver,
    )
