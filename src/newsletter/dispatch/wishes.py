"""Whether people still want what was taken on for them, looked at right before it goes (A7)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import islice

from sqlalchemy import Engine

from newsletter.dispatch.claims import Claim
from newsletter.dispatch.due_deliveries import no_longer_wanted
from newsletter.dispatch.turn_taking import Desk
from newsletter.dispatch.turns import Answer, Turn
from newsletter.domain.deliveries import SkipReason
from newsletter.storage.change_marker import ChangeMarker
from newsletter.storage.engine import reading

_AT_LEAST, _AT_MOST = 8, 512
"""Deliveries that are asked about together."""


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
        self._gone = 0
        self._at_once = _AT_LEAST

    def reason_against(self, claim: Claim) -> SkipReason | None:
        """Why the delivery must not be attempted now; None when nothing speaks against it.

        Raises SurroundingsFailed when the database does not answer, NoLongerOurs when what waits is
        not this sender's any more.
        """
        self.look()
        if claim.delivery_id not in self._known:
            self._ask(claim)
        self._known.discard(claim.delivery_id)
        self._gone += 1
        return self._against.get(claim.delivery_id)

    def look(self) -> None:
        """Forgets what is known when anybody has changed the database since the last look. Raises
        SurroundingsFailed."""
        mark = self._marker.read()
        if mark != self._mark:
            self._forget()
            self._mark = mark

    def not_against(self, claims: Iterable[Claim]) -> None:
        """Nothing spoke against these when they were claimed, which was after the last look: until
        the next change nobody needs to be asked."""
        self._known.update(claim.delivery_id for claim in claims)

    def _forget(self) -> None:
        self._against.clear()
        self._known.clear()
        # Others may change it many times a second, a sender on a server does so itself, and whoever
        # has not gone by then was asked about in vain: so as many as went last time, and as many
        # again.
        self._at_once = min(_AT_MOST, max(_AT_LEAST, 2 * self._gone))
        self._gone = 0

    def _ask(self, claim: Claim) -> None:
        unknown = (
            waiting.delivery_id
            for waiting in self._waiting()
            if waiting.delivery_id not in self._known
        )
        ids = {claim.delivery_id, *islice(unknown, self._at_once)}
        with reading(self._engine) as connection:
            self._against |= no_longer_wanted(connection, ids, self._sender_id)
        self._known |= ids
        # It may be that those who stand in front wait for their receiver, and others go.
        self._at_once = min(_AT_MOST, 2 * self._at_once)


class WishesAtDesk:
    """A desk whose answers tell what people wish as well, for claims are made with a look at that.

    For a marker to which the desk's own turns are no changes.
    """

    def __init__(self, desk: Desk, wishes: Wishes) -> None:
        self._desk = desk
        self._wishes = wishes

    def take(self, turn: Turn) -> Answer:
        """Takes the turn; raises what the desk does."""
        self._wishes.look()
        answer = self._desk.take(turn)
        self._wishes.not_against(answer.batch.claims)
        return answer
