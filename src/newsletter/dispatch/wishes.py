"""Whether people still want what was taken on for them, looked at right before it goes (A7)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import islice

from sqlalchemy import Engine

from newsletter.dispatch.claims import Claim
from newsletter.dispatch.due_deliveries import no_longer_wanted
from newsletter.domain.deliveries import SkipReason
from newsletter.storage.change_marker import ChangeMarker
from newsletter.storage.engine import reading

_AT_ONCE = 100
"""Deliveries that are asked about together: those behind them will have to be asked about anew,
since the sender itself changes the database some times a second."""


class Wishes:
    """What speaks against deliveries that were taken on.

    The database is asked again whenever anybody has changed it, for those that go next: who leaves
    while a message waits for its turn does not get it.
    """

    def __init__(
        self,
        engine: Engine,
        sender_id: int,
        marker: ChangeMarker,
        waiting: Callable[[], Collection[Claim]],
    ) -> None:
        self._engine = engine
        self._sender_id = sender_id
        self._marker = marker
        self._waiting = waiting
        self._mark: object = None
        self._against: dict[int, SkipReason] = {}
        self._known: set[int] = set()

    def reason_against(self, claim: Claim) -> SkipReason | None:
        """Why the delivery must not be attempted now; None when nothing speaks against it.

        Raises SurroundingsFailed when the database does not answer, NoLongerOurs when what waits is
        not this sender's any more.
        """
        mark = self._marker.read()
        if mark != self._mark or claim.delivery_id not in self._known:
            self._ask(claim)
            self._mark = mark
        self._known.discard(claim.delivery_id)
        return self._against.get(claim.delivery_id)

    def _ask(self, claim: Claim) -> None:
        next_ones = islice(self._waiting(), _AT_ONCE)
        ids = {claim.delivery_id, *(waiting.delivery_id for waiting in next_ones)}
        with reading(self._engine) as connection:
            self._against = no_longer_wanted(connection, ids, self._sender_id)
        self._known = ids
