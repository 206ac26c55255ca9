"""The delivery rows: who is next, who is taken on, who is passed over.

The ways from one state to another are the table in `transitions`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, Update, bindparam, case, delete, func, select, update

from newsletter.dispatch.claims import Claim, ClaimedBatch
from newsletter.dispatch.due_deliveries import DueDeliveries, reason_against
from newsletter.dispatch.moving import move, moved
from newsletter.dispatch.patience import Patience
from newsletter.dispatch.ports import SMTP
from newsletter.dispatch.totals import has_any, has_retired, is_open
from newsletter.dispatch.transitions import Cause
from newsletter.domain.deliveries import DeliveryState, SkipReason
from newsletter.domain.people import MailFormat
from newsletter.storage.column_types import UtcDateTime
from newsletter.storage.schema import deliveries, delivery_attempts, editions

_FORMATS = {form.value: form for form in MailFormat}

_WAS_TRIED = deliveries.c.attempts > 1
_WAS_PUT_OFF = deliveries.c.next_attempt_at.is_not(None)
_AS_IF_NEVER_TAKEN_ON: Mapping[str, Any] = MappingProxyType(
    {
        "attempts": deliveries.c.attempts - 1,
        "transport": case((_WAS_TRIED, deliveries.c.transport)),
    }
)


@dataclass(frozen=True, slots=True)
class Lease:
    """In whose name deliveries are taken on: the sender's id, and how they leave."""

    sender_id: int
    transport: str


def expire_deferred(
    connection: Connection, edition_id: int, patience: Patience, now: datetime
) -> int:
    """Fails what has been tried for `expire_after`, keeping the last reply; gives the number."""
    is_over = (deliveries.c.edition_id == edition_id) & (
        deliveries.c.first_attempt_at <= now - patience.expire_after
    )
    return move(connection, Cause.EXPIRE, is_over, next_attempt_at=None, updated_at=now)


@dataclass(frozen=True, slots=True)
class PutOff:
    """Until when a delivery is put off, for which receiver's sake, and why, in our own words."""

    until: datetime
    receiver: str
    why: str


def claim(
    connection: Connection, due: DueDeliveries, now: datetime, most: int, lease: Lease
) -> ClaimedBatch:
    """Takes up to `most` deliveries that are due, skipping those whose people have left.

    Whether a person still wants the mail is read in the same transaction as the claim (A7). The
    row names the transport from then on, so that what a dead process had begun is known for what
    it is.
    """
    rows = due.next(connection, now, most)
    reasons = {row.id: reason for row in rows if (reason := reason_against(row)) is not None}
    _pass_over(connection, reasons, now)
    mailable = [row for row in rows if row.id not in reasons]
    if mailable:
        _take_on(connection, [row.id for row in mailable], lease, now)
        note_attempt(connection, due.edition_id, now)
    return ClaimedBatch(tuple(_claimed(row) for row in mailable), len(reasons))


def note_attempt(connection: Connection, edition_id: int, now: datetime) -> None:
    """Says that a sender is at work on the edition: it is not late."""
    connection.execute(_noting_attempt(), {"edition": edition_id, "now": now})


@cache
def _noting_attempt() -> Update:
    noted = update(editions).where(editions.c.id == bindparam("edition"))
    return noted.values(attempted_at=bindparam("now"))


def skip(
    connection: Connection, reasons: Mapping[int, SkipReason], sender_id: int, now: datetime
) -> None:
    """Skips what the sender had taken on and never began, each for its reason."""
    for reason, ids in _by_reason(reasons):
        _give_up(connection, Cause.SKIP, ids, sender_id, now, reason=reason, next_attempt_at=None)


def release(
    connection: Connection, delivery_ids: Collection[int], sender_id: int, now: datetime
) -> None:
    """Gives back what the sender had taken on and never began."""
    _give_up(connection, Cause.RELEASE, delivery_ids, sender_id, now, next_attempt_at=None)
    skip_erased(connection, delivery_ids, now)


def put_off(
    connection: Connection, which: Mapping[int, PutOff], sender_id: int, now: datetime
) -> None:
    """Defers what the sender had taken on and never began, since its receiver takes nothing before
    that time."""
    if not which:
        return
    rows = [
        {"its_id": one, "until": its.until, "new_receiver": its.receiver, "why": its.why}
        for one, its in which.items()
    ]
    same = {"its_sender": sender_id, "now": now}
    connection.execute(_putting_off(), [row | same for row in rows])
    skip_erased(connection, which, now)


@cache
def _putting_off() -> Update:
    is_its_first = deliveries.c.attempts == 1
    return moved(
        Cause.PUT_OFF,
        **_AS_IF_NEVER_TAKEN_ON,
        # What the server said at an attempt says more.
        reply=case((is_its_first, bindparam("why")), else_=deliveries.c.reply),
        receiver=case((deliveries.c.subscriber_id.is_not(None), bindparam("new_receiver"))),
        next_attempt_at=bindparam("until", type_=UtcDateTime),
        # Whoever looks next may take it on, this sender too.
        sender_id=None,
        updated_at=bindparam("now", type_=UtcDateTime),
    ).where(
        deliveries.c.id == bindparam("its_id"), deliveries.c.sender_id == bindparam("its_sender")
    )


def skip_erased(connection: Connection, delivery_ids: Collection[int], now: datetime) -> None:
    """Skips those of people who were erased: whom nobody can mail any more must not keep the
    edition open for ever."""
    erased = deliveries.c.id.in_(delivery_ids) & deliveries.c.subscriber_id.is_(None)
    values = {"reason": SkipReason.ERASED, "next_attempt_at": None, "updated_at": now}
    move(connection, Cause.ERASE, erased, **values)


def has_work(connection: Connection, edition_id: int, now: datetime) -> bool:
    """Whether a sending edition could be taken further now.

    It could when a delivery is due, when a dead process left some behind, and when nothing is open
    any more but nobody has said that the edition is complete.
    """
    if DueDeliveries(edition_id).next(connection, now, 1):
        return True
    is_left_behind = has_any(connection, edition_id, DeliveryState.SENDING)
    return is_left_behind or not is_open(connection, edition_id)


def transports_used(connection: Connection, edition_id: int) -> frozenset[str]:
    """The transports that have taken, or were about to take, any of the edition's messages.

    Of rows that retention has taken away nobody knows it any more: as if a server had taken them.
    """
    rows = connection.execute(
        select(deliveries.c.transport)
        .where(deliveries.c.edition_id == edition_id, deliveries.c.transport.is_not(None))
        .distinct()
    )
    known = frozenset(rows.scalars())
    return known | {SMTP} if has_retired(connection, edition_id) else known


def forget_deliveries(connection: Connection, edition_id: int) -> int:
    """Removes the edition's delivery rows; gives their number.

    Only for an edition of which no message ever went to a real server.
    """
    of_edition = deliveries.c.edition_id == edition_id
    ids = select(deliveries.c.id).where(of_edition)
    connection.execute(delete(delivery_attempts).where(delivery_attempts.c.delivery_id.in_(ids)))
    return connection.execute(delete(deliveries).where(of_edition)).rowcount


def _pass_over(connection: Connection, reasons: Mapping[int, SkipReason], now: datetime) -> None:
    for reason, ids in _by_reason(reasons):
        values = {"reason": reason, "next_attempt_at": None, "updated_at": now}
        move(connection, Cause.SKIP, deliveries.c.id.in_(ids), **values)


def _by_reason(reasons: Mapping[int, SkipReason]) -> Iterator[tuple[SkipReason, list[int]]]:
    for reason in sorted(set(reasons.values())):
        yield reason, [delivery_id for delivery_id, why in reasons.items() if why is reason]


def _give_up(
    connection: Connection,
    cause: Cause,
    delivery_ids: Collection[int],
    sender_id: int,
    now: datetime,
    **values: object,
) -> None:
    """Ends a claim as if it had never been: there was no attempt."""
    theirs = deliveries.c.id.in_(delivery_ids) & (deliveries.c.sender_id == sender_id)
    first_attempt_at = case((_WAS_TRIED | _WAS_PUT_OFF, deliveries.c.first_attempt_at))
    values |= {"first_attempt_at": first_attempt_at, "updated_at": now}
    move(connection, cause, theirs, **_AS_IF_NEVER_TAKEN_ON, **values)


def _claimed(row: Row[Any]) -> Claim:
    # By their places, in the order of `due_deliveries`: by name each would cost a search.
    values: tuple[Any, ...] = tuple(row)
    delivery_id, _, _, _, attempts, language, variant, form, first_attempt_at = values[:9]
    handle, address, canonical, name, attributes, epoch = values[9:15]
    return Claim(
        delivery_id=delivery_id,
        handle=handle,
        address=address,
        name=name,
        receiver=canonical.rpartition("@")[2],
        language=language,
        attempt=attempts + 1,
        variant=variant,
        format=_FORMATS[form],
        attributes=attributes,
        first_attempt_at=first_attempt_at,
        epoch=epoch,
    )


def _take_on(connection: Connection, ids: list[int], lease: Lease, now: datetime) -> None:
    values = {"ids": ids, "sender": lease.sender_id, "transport_now": lease.transport, "now": now}
    connection.execute(_taking_on(), values)


@cache
def _taking_on() -> Update:
    now = bindparam("now", type_=UtcDateTime)
    return moved(
        Cause.CLAIM,
        attempts=deliveries.c.attempts + 1,
        sender_id=bindparam("sender"),
        transport=bindparam("transport_now"),
        first_attempt_at=func.coalesce(deliveries.c.first_attempt_at, now),
        updated_at=now,
    ).where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
