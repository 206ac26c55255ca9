"""Which deliveries are due, with what their messages need and what may speak against them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Row,
    Select,
    Subquery,
    and_,
    bindparam,
    literal,
    or_,
    select,
    union_all,
)

from newsletter.dispatch.strands import STRANDS, Strands, by_turns
from newsletter.domain.deliveries import DeliveryState, SkipReason
from newsletter.domain.errors import SurroundingsFailed
from newsletter.domain.people import SubscriptionStatus
from newsletter.storage.schema import deliveries, editions, subscribers, subscriptions
from newsletter.storage.suppressed import is_suppressed


class DueDeliveries:
    """What of one edition could be attempted, handed over bit by bit to one sender: those whose
    time has come, and beside them, from all strands at the same time, those that were never tried.

    What the sender has tried it does not get again, however short the settings make the wait.
    """

    def __init__(
        self,
        edition_id: int,
        sender_id: int | None = None,
        expire_after: timedelta = timedelta.max,
    ) -> None:
        """What was tried for `expire_after` is not due any more: it is to be failed."""
        self._edition_id = edition_id
        self._sender_id = sender_id or 0
        self._expire_after = expire_after
        self._strands: Strands | None = None
        self._portions = 0

    @property
    def edition_id(self) -> int:
        """The edition's row."""
        return self._edition_id

    def next(self, connection: Connection, now: datetime, most: int) -> list[Row[Any]]:
        """Up to `most` of them: each with its person, their subscription's `status`, None when
        there is none, and `is_suppressed`."""
        # What waits for a receiver that is slow must not wait for all others as well.
        first = -(-most // 2)
        deferred = self._deferred(connection, now, first)
        rows = self._pending(connection, most - len(deferred)) if len(deferred) < most else []
        if len(deferred) == first and len(rows) + first < most:
            deferred = self._deferred(connection, now, most - len(rows))
        return [*deferred, *rows]

    def _pending(self, connection: Connection, most: int) -> list[Row[Any]]:
        rows = self._of_strands(connection, self._strands, most) if self._strands else []
        if len(rows) == most:
            return rows
        # Some strands have come to their end: what is left is divided anew.
        self._strands = Strands.of_pending(connection, self._edition_id)
        rows = self._of_strands(connection, self._strands, most)
        if len(rows) == most or not rows:
            return rows
        values = {"edition": self._edition_id, "most": most}
        return list(connection.execute(_first_pending(), values))

    def _of_strands(self, connection: Connection, strands: Strands, most: int) -> list[Row[Any]]:
        each = {"edition": self._edition_id, "most": -(-most // STRANDS)}
        rows = connection.execute(_pending(), each | strands.as_parameters()).all()
        by_strand = [list(strand) for _, strand in groupby(rows, attrgetter("strand"))]
        # Another one begins each time, far from the one before: the last ones may come too short.
        first = self._portions * _STEP % max(1, len(by_strand))
        self._portions += 1
        return list(islice(by_turns(by_strand[first:] + by_strand[:first]), most))

    def _deferred(self, connection: Connection, now: datetime, most: int) -> list[Row[Any]]:
        values = {
            "edition": self._edition_id,
            "now": now,
            "most": most,
            "sender": self._sender_id,
            "since": now - min(self._expire_after, now - _EVER),
        }
        return list(connection.execute(_deferred(), values))


class NoLongerOurs(SurroundingsFailed):
    """Deliveries that a sender had taken on are not its any more: somebody took it for dead."""


def no_longer_wanted(
    connection: Connection, delivery_ids: Collection[int], sender_id: int
) -> dict[int, SkipReason]:
    """Those of the deliveries that the sender has taken on whose people have left since, each with
    the reason (A7).

    Raises NoLongerOurs when one of them is not the sender's any more.
    """
    values = {"ids": list(delivery_ids), "sender": sender_id}
    rows = connection.execute(_taken_on(), values).all()
    if len(rows) < len(delivery_ids):
        raise NoLongerOurs(
            "somebody else has decided about deliveries that this sender had taken on",
            cure="See how the edition stands with `newsletter send status`; then run it again.",
        )
    return {row.id: reason for row in rows if (reason := reason_against(row)) is not None}


def reason_against(row: Row[Any]) -> SkipReason | None:
    """Why the delivery of this row must not be attempted; None when nothing speaks against it."""
    if row.subscriber_id is None:
        return SkipReason.ERASED
    if row.is_suppressed:
        return SkipReason.SUPPRESSED
    if row.status == SubscriptionStatus.ACTIVE:
        return None
    return SkipReason.PAUSED if row.status == SubscriptionStatus.PAUSED else SkipReason.UNSUBSCRIBED


_EVER = datetime(1970, 1, 1, tzinfo=UTC)

_STEP = 7
"""It has no divisor in common with the number of strands, so that each begins in its turn."""

_COLUMNS = (
    *("id", "edition_id", "subscriber_id", "attempts", "language", "variant", "format"),
    *("first_attempt_at", "next_attempt_at"),
)

# Statements are made once: what SQLAlchemy does for a new one takes longer than the database.


@cache
def _pending() -> Select[Any]:
    strands = [
        select(*_of(_first(_is_pending(), _is_in_strand(number))), literal(number).label("strand"))
        for number in range(STRANDS)
    ]
    # Put together before anything is looked up for them: once, and not in each strand.
    in_order = union_all(*strands).cte("chosen").prefix_with("MATERIALIZED")
    return (
        _for_messages(in_order)
        .add_columns(in_order.c.strand)
        .order_by(in_order.c.strand, in_order.c.id)
    )


@cache
def _first_pending() -> Select[Any]:
    in_order = _first(_is_pending())
    return _for_messages(in_order).order_by(in_order.c.id)


@cache
def _deferred() -> Select[Any]:
    is_another_senders = or_(
        deliveries.c.sender_id.is_(None), deliveries.c.sender_id != bindparam("sender")
    )
    in_order = _first(
        deliveries.c.state == DeliveryState.DEFERRED,
        deliveries.c.next_attempt_at <= bindparam("now"),
        is_another_senders,
        or_(
            deliveries.c.first_attempt_at.is_(None),
            deliveries.c.first_attempt_at > bindparam("since"),
        ),
    )
    return _for_messages(in_order).order_by(in_order.c.next_attempt_at, in_order.c.id)


def _is_pending() -> ColumnElement[bool]:
    return (deliveries.c.state == DeliveryState.PENDING) & deliveries.c.next_attempt_at.is_(None)


def _is_in_strand(number: int) -> ColumnElement[bool]:
    is_after: ColumnElement[bool] = deliveries.c.id > bindparam(f"after_{number}")
    return is_after & (deliveries.c.id <= bindparam(f"last_{number}"))


def _first(*conditions: ColumnElement[bool]) -> Subquery:
    """The first ones of the edition to which this applies, in the order of the index."""
    chosen = select(deliveries).where(deliveries.c.edition_id == bindparam("edition"), *conditions)
    in_order = chosen.order_by(deliveries.c.next_attempt_at, deliveries.c.id)
    return in_order.limit(bindparam("most", type_=Integer)).subquery()


def _of(rows: Subquery) -> list[ColumnElement[Any]]:
    return list(rows.c[_COLUMNS])


def _for_messages(in_order: FromClause) -> Select[Any]:
    message = [
        *in_order.c["attempts", "language", "variant", "format", "first_attempt_at"],
        *subscribers.c["handle", "address", "canonical", "name", "attributes", "epoch"],
    ]
    return _with_what_speaks(in_order).add_columns(*message)


@cache
def _taken_on() -> Select[Any]:
    chosen = select(deliveries).where(
        deliveries.c.id.in_(bindparam("ids", expanding=True)),
        deliveries.c.state == DeliveryState.SENDING,
        deliveries.c.sender_id == bindparam("sender"),
    )
    return _with_what_speaks(chosen.subquery())


def _with_what_speaks(chosen: FromClause) -> Select[Any]:
    """The rows, each with what may speak against it."""
    return (
        select(
            *chosen.c["id", "subscriber_id"],
            subscriptions.c.status,
            is_suppressed().label("is_suppressed"),
        )
        .select_from(chosen)
        .join(editions, editions.c.id == chosen.c.edition_id)
        .outerjoin(subscribers, subscribers.c.id == chosen.c.subscriber_id)
        .outerjoin(
            subscriptions,
            and_(
                subscriptions.c.subscriber_id == subscribers.c.id,
                subscriptions.c.topic_id == editions.c.topic_id,
            ),
        )
    )
