"""One small transaction at a time between a sender and the ledger: what came of deliveries goes in,
what is due comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Select, bindparam, exists, select

from newsletter.dispatch import ledger, senders
from newsletter.dispatch.cancelling import cancel_open_of_cancelled
from newsletter.dispatch.claims import ClaimedBatch
from newsletter.dispatch.due_deliveries import DueDeliveries
from newsletter.dispatch.lanes import store as lane_store
from newsletter.dispatch.lanes.book import News
from newsletter.dispatch.lanes.lane import Lane, LaneKey
from newsletter.dispatch.ledger import Lease, PutOff
from newsletter.dispatch.patience import Patience
from newsletter.dispatch.recording import Told, record
from newsletter.domain.deliveries import SkipReason
from newsletter.domain.editions import EditionState
from newsletter.storage.engine import writing
from newsletter.storage.schema import editions
from newsletter.storage.schema import senders as sender_rows

_HEARTBEAT = timedelta(minutes=1)
_NOTHING = ClaimedBatch((), 0)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a sender has to say, how many more deliveries it would take on, 0 for none, and what it
    has learned about lanes."""

    told: Sequence[Told]
    skipped: Mapping[int, SkipReason]
    given_back: Sequence[int]
    put_off: Mapping[int, PutOff]
    lanes: News
    wants: int

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing to record."""
        return not (self.told or self.skipped or self.given_back or self.put_off)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the ledger gave: deliveries, whether the edition is still being sent, what is known of
    lanes, of all senders, and how many were given up since they had been tried for too long."""

    batch: ClaimedBatch
    goes_on: bool
    lanes: Mapping[LaneKey, Lane]
    expired: int = 0


class LedgerDesk:
    """Where one sender's turns at one edition are taken.

    What the sender has tried is not due for it again, however short the settings make the wait.
    """

    def __init__(
        self,
        engine: Engine,
        edition_id: int,
        lease: Lease,
        patience: Patience,
        now: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._edition_id = edition_id
        self._lease = lease
        self._patience = patience
        self._now = now
        self._due = DueDeliveries(edition_id, lease.sender_id, patience.expire_after)
        self._seen_at = now()

    def take(self, turn: Turn) -> Answer:
        """Records what the turn says and takes on what it wants, all or nothing.

        Raises DatabaseBusy, and SurroundingsFailed when the database takes nothing any more.
        """
        now = self._now()
        sender_id = self._lease.sender_id
        with writing(self._engine) as connection:
            record(connection, turn.told, self._lease, self._patience)
            ledger.skip(connection, turn.skipped, sender_id, now)
            if turn.given_back:
                ledger.release(connection, turn.given_back, sender_id, now)
            ledger.put_off(connection, turn.put_off, sender_id, now)
            goes_on = self._goes_on(connection)
            if not goes_on:
                cancel_open_of_cancelled(connection, [self._edition_id], now)
            batch = self._claim(connection, now, turn.wants) if goes_on else _NOTHING
            lanes = lane_store.exchange(connection, turn.lanes, now)
            expired = self._look_after(connection, now)
        return Answer(batch, goes_on, lanes, expired)

    def _claim(self, connection: Connection, now: datetime, most: int) -> ClaimedBatch:
        if not most:
            return _NOTHING
        return ledger.claim(connection, self._due, now, most, self._lease)

    def _goes_on(self, connection: Connection) -> bool:
        values = {"edition": self._edition_id, "sender": self._lease.sender_id}
        state = connection.execute(_state(), values).scalar_one_or_none()
        return state is not None and EditionState(state) is EditionState.SENDING

    def _look_after(self, connection: Connection, now: datetime) -> int:
        """What is due each minute: says that the sender lives, and gives up what must be; gives the
        number of that."""
        if now - self._seen_at < _HEARTBEAT:
            return 0
        self._seen_at = now
        senders.heard_of(connection, self._lease.sender_id, now)
        return ledger.expire_deferred(connection, self._edition_id, self._patience, now)


@cache
def _state() -> Select[Any]:
    """The edition's state, if the sender's row is open. If it is not, somebody took this process
    for dead, and what it took on now nobody would ever settle."""
    is_open = exists().where(
        sender_rows.c.id == bindparam("sender"), sender_rows.c.closed_at.is_(None)
    )
    return select(editions.c.state).where(editions.c.id == bindparam("edition"), is_open)
