"""Deliveries listed one by one, for a person who looks into what became of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from newsletter.domain.bounces import Verdict, verdict_of
from newsletter.domain.deliveries import DeliveryState
from newsletter.storage.id_slices import id_slices
from newsletter.storage.schema import deliveries, subscribers


@dataclass(frozen=True, slots=True)
class ListedDelivery:
    """One delivery and what the server last said of it.

    `email` and `handle` are None once the person was erased; `code`, `enhanced` and `reply` are
    those of the last attempt, None where no server said anything; `at` is when it came to its
    state.
    """

    id: int
    email: str | None
    handle: int | None
    state: DeliveryState
    code: int | None
    enhanced: str | None
    reply: str | None
    at: datetime

    @property
    def codes(self) -> str:
        """Both codes as people write them (`550 5.1.1`), "" where no server said anything."""
        return " ".join(str(part) for part in (self.code, self.enhanced) if part)

    @property
    def verdict(self) -> Verdict | None:
        """Whose fault the last answer was, None where no server said anything (B3)."""
        if self.code is None:
            return None
        return verdict_of(self.code, self.enhanced, self.reply or "")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one delivery stands, and whether its person was erased."""

    state: DeliveryState
    is_erased: bool


def deliveries_in(
    connection: Connection, edition_id: int, state: DeliveryState
) -> list[ListedDelivery]:
    """The edition's deliveries in this state, in the order of the freeze.

    Those whose rows retention has taken away are in the totals only.
    """
    query = (
        select(
            deliveries.c.id,
            subscribers.c.address,
            subscribers.c.handle,
            *deliveries.c["code", "enhanced", "reply", "updated_at"],
        )
        .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .where(deliveries.c.edition_id == edition_id, deliveries.c.state == state)
        .order_by(deliveries.c.id)
    )
    return [
        ListedDelivery(row.id, row.address, row.handle, state, *row[3:])
        for row in connection.execute(query)
    ]


def standings(connection: Connection, edition_id: int, ids: Collection[int]) -> dict[int, Standing]:
    """Where those of these deliveries stand that are the edition's."""
    columns = deliveries.c["id", "state", "subscriber_id"]
    query = select(*columns).where(deliveries.c.edition_id == edition_id)
    return {
        row.id: Standing(DeliveryState(row.state), row.subscriber_id is None)
        for some in id_slices(ids)
        for row in connection.execute(query.where(deliveries.c.id.in_(some)))
    }
