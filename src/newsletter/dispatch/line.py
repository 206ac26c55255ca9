"""The line of deliveries that were taken on and wait for a connection which may hand them over."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from newsletter.dispatch.claims import Claim
from newsletter.dispatch.idle_connections import IdleConnections
from newsletter.dispatch.traffic import Backlog, Traffic
from newsletter.dispatch.writing import Writes


class Line:
    """Between the keeper, who takes deliveries on, and the connections. Who may go goes first."""

    def __init__(self, traffic: Traffic, writing: Writes) -> None:
        self._traffic = traffic
        self._writing = writing
        self._waiting: dict[int, Claim] = {}
        self._idle = IdleConnections()
        self._is_held_up = False  # a connection found messages that may not go yet

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def claims(self) -> Collection[Claim]:
        """What waits."""
        return self._waiting.values()

    def join(self, claims: Sequence[Claim]) -> None:
        """They wait from now on."""
        self._waiting |= {claim.delivery_id: claim for claim in claims}
        self._writing.expect(claims)
        self.wake()

    def take(self, relay: str | None) -> Claim | None:
        """The next one that may go by this relay, and has a message; None when there is none."""
        claim = self._traffic.choose(self._ready(), relay)
        if claim is not None:
            del self._waiting[claim.delivery_id]
            self._traffic.begins(claim, relay)
            self.moves()  # it may be another relay's turn
        return claim

    async def wait(self, relay: str | None) -> None:
        """Returns when a connection to this relay that found nothing is to look again."""
        if next(iter(self._ready()), None) is not None:
            self._is_held_up = True
            self._idle.wake_in(self._traffic.next_look(self.claims, relay))
        await self._idle.wait()

    def moves(self) -> None:
        """Something went, or came to its end: others may go that could not."""
        if self._is_held_up:
            self.wake()

    def wake(self, number: int | None = None) -> None:
        """So many connections that wait look again, or all."""
        self._is_held_up = False
        self._idle.wake(number)

    def sort_out(self) -> Backlog:
        """Takes out those that are to wait in the ledger."""
        backlog = self._traffic.sort_out(self.claims)
        self._writing.forget([self._waiting.pop(delivery_id) for delivery_id in backlog.put_off])
        return backlog

    def break_up(self) -> list[int]:
        """Sends all of them away, and gives their ids."""
        ids = list(self._waiting)
        self._writing.forget(self.claims)
        self._waiting.clear()
        self.wake()
        return ids

    def _ready(self) -> Iterable[Claim]:
        return self._writing.ready(self._waiting)
