"""Recording what attempts came to: in the delivery's row, and as a line of its own for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Select, Update, bindparam, case, select, update

from newsletter.dispatch.bounced_readers import is_hard, suppress_bounced
from newsletter.dispatch.ledger import Lease, skip_erased
from newsletter.dispatch.moving import moved
from newsletter.dispatch.patience import Patience
from newsletter.dispatch.ports import SMTP
from newsletter.dispatch.transitions import Cause
from newsletter.domain.deliveries import DeliveryState, Outcome
from newsletter.storage.bulk_insert import BulkInsert, Row
from newsletter.storage.schema import deliveries, delivery_attempts

_CAUSES: Mapping[DeliveryState, Cause] = MappingProxyType(
    {
        DeliveryState.ACCEPTED: Cause.ACCEPT,
        DeliveryState.DEFERRED: Cause.DEFER,
        DeliveryState.FAILED: Cause.FAIL,
        DeliveryState.UNKNOWN: Cause.LOSE,
    }
)

_IS_SOMEBODYS = deliveries.c.subscriber_id.is_not(None)

_add_attempts = BulkInsert(delivery_attempts, [column.name for column in delivery_attempts.c])


@dataclass(frozen=True, slots=True)
class Told:
    """What an attempt at a delivery came to, and when that was known; `first_attempt_at` is None
    when it was the first one.

    `is_to_be_repeated`: it is unknown, and is sent again all the same (`dispatch.ambiguous`).
    `receiver` is the domain of the address. `relay` is the host and port that it was tried by, None
    of a folder and of what a journal told.
    """

    delivery_id: int
    attempt: int
    outcome: Outcome
    at: datetime
    first_attempt_at: datetime | None = None
    is_to_be_repeated: bool = False
    receiver: str | None = None
    relay: str | None = None

    @property
    def cause(self) -> Cause:
        """Why the delivery changes its state."""
        return Cause.REPEAT if self.is_to_be_repeated else _CAUSES[self.outcome.state]


def record(
    connection: Connection, told: Sequence[Told], lease: Lease, patience: Patience
) -> Counter[DeliveryState]:
    """Records what attempts came to, and gives how many came to each state.

    Only rows that the sender still answers for change. Of somebody who was erased meanwhile,
    nothing but the state is recorded. Whose address is none, by a mail server's word, is suppressed
    (B3).
    """
    if not told:
        return Counter()
    by_cause: dict[Cause, list[dict[str, Any]]] = {}
    for one in told:
        by_cause.setdefault(one.cause, []).append(_changes(one, lease, patience))
    for cause, rows in by_cause.items():
        connection.execute(_recording(cause), rows)
    _add_attempts(connection, [_line(one, lease) for one in told])
    _forget_erased(connection, told)
    if lease.transport == SMTP:
        _suppress_bounced(connection, told)
    return Counter(one.outcome.state for one in told)


def _changes(told: Told, lease: Lease, patience: Patience) -> dict[str, Any]:
    outcome = told.outcome
    return {
        "its_id": told.delivery_id,
        "its_attempt": told.attempt,
        "its_sender": lease.sender_id,
        "new_next_attempt_at": _next_attempt(told, patience),
        "new_code": outcome.code,
        "new_enhanced": outcome.enhanced,
        "new_reply": outcome.reply,
        "new_receiver": told.receiver,
        "new_updated_at": told.at,
    }


def _next_attempt(told: Told, patience: Patience) -> datetime | None:
    if not (told.is_to_be_repeated or told.outcome.state is DeliveryState.DEFERRED):
        return None
    first = told.first_attempt_at or told.at
    return patience.next_attempt(told.outcome, told.attempt, first, told.at)


@cache
def _recording(cause: Cause) -> Update:
    return moved(
        cause,
        next_attempt_at=bindparam("new_next_attempt_at"),
        code=bindparam("new_code"),
        enhanced=bindparam("new_enhanced"),
        # A server's reply often quotes the address, and a domain may name its owner.
        reply=case((_IS_SOMEBODYS, bindparam("new_reply"))),
        receiver=case((_IS_SOMEBODYS, bindparam("new_receiver"))),
        updated_at=bindparam("new_updated_at"),
    ).where(
        deliveries.c.id == bindparam("its_id"),
        deliveries.c.attempts == bindparam("its_attempt"),
        deliveries.c.sender_id == bindparam("its_sender"),
    )


def _line(told: Told, lease: Lease) -> Row:
    outcome = told.outcome
    return (
        told.delivery_id,
        told.attempt,
        lease.sender_id,
        told.at,
        outcome.state.value,
        outcome.code,
        outcome.enhanced,
        outcome.reply,
        lease.transport,
        told.relay,
    )


def _suppress_bounced(connection: Connection, told: Sequence[Told]) -> None:
    bounced = {one.delivery_id: one.outcome for one in told if is_hard(one.outcome)}
    if bounced:
        suppress_bounced(connection, bounced, told[-1].at)


def _forget_erased(connection: Connection, told: Sequence[Told]) -> None:
    told_of = {"ids": [one.delivery_id for one in told]}
    ids = connection.execute(_erased(), told_of).scalars().all()
    if ids:
        theirs = delivery_attempts.c.delivery_id.in_(ids)
        connection.execute(update(delivery_attempts).where(theirs).values(reply=None))
        skip_erased(connection, ids, told[-1].at)


@cache
def _erased() -> Select[Any]:
    return select(deliveries.c.id).where(
        deliveries.c.id.in_(bindparam("ids", expanding=True)), deliveries.c.subscriber_id.is_(None)
    )
