"""The delivery rows: who is next, what became of each, and totals that always add up.

Every row ends in a recorded state. The ways from one state to another:

    pending  -> sending   claimed, after one more look at whether the person still wants it (A7)
    deferred -> sending   the same, when its next attempt is due
    pending, deferred -> skipped   the person left, is suppressed or erased, or the address cannot
                                   be written
    deferred -> failed    it has been tried for `expire_after`
    sending  -> accepted, deferred, failed, unknown   what the attempt came to (domain.Outcome)
    sending  -> pending   the attempt never began: the relay could not be reached
    sending  -> unknown   the process that claimed it is gone; nobody knows whether it was taken
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, case, delete, select, update

from newsletter.dispatch.claims import Claim, ClaimedBatch
from newsletter.dispatch.due_deliveries import due_deliveries
from newsletter.dispatch.ports import SMTP
from newsletter.dispatch.totals import counts, has_retired, is_open
from newsletter.domain.deliveries import DeliveryState, Outcome, SkipReason
from newsletter.domain.people import MailFormat, SubscriptionStatus
from newsletter.storage.schema import deliveries

_LOST = "The sender stopped before the server's answer was recorded."


@dataclass(frozen=True, slots=True)
class Patience:
    """When a deferred delivery is tried again, and when it is given up (S5)."""

    first_retry: timedelta
    expire_after: timedelta

    def next_attempt(self, attempts: int, now: datetime) -> datetime:
        """When to try again after the `attempts`-th attempt: each wait is twice the one before."""
        wait: timedelta = self.first_retry * 2 ** (attempts - 1)
        return now + min(wait, self.expire_after)


def recover_lost(connection: Connection, edition_id: int, now: datetime) -> int:
    """Names the deliveries that a dead process left behind `unknown`; gives their number.

    Call it only under the edition's lock: nobody else is sending then.
    """
    return connection.execute(
        update(deliveries)
        .where(deliveries.c.edition_id == edition_id, deliveries.c.state == DeliveryState.SENDING)
        .values(state=DeliveryState.UNKNOWN, reply=_LOST, updated_at=now)
    ).rowcount


def expire_deferred(
    connection: Connection, edition_id: int, patience: Patience, now: datetime
) -> int:
    """Fails what has been tried for `expire_after`, keeping the last reply; gives the number."""
    return connection.execute(
        update(deliveries)
        .where(
            deliveries.c.edition_id == edition_id,
            deliveries.c.state == DeliveryState.DEFERRED,
            deliveries.c.first_attempt_at <= now - patience.expire_after,
        )
        .values(state=DeliveryState.FAILED, next_attempt_at=None, updated_at=now)
    ).rowcount


def claim(
    connection: Connection, edition_id: int, now: datetime, most: int, transport: str
) -> ClaimedBatch:
    """Takes up to `most` deliveries that are due, skipping those whose people have left.

    Whether a person still wants the mail is read in the same transaction as the claim (A7). The
    row names the transport from then on, so that what a dead process had begun is known for what
    it is.
    """
    rows = due_deliveries(connection, edition_id, now, most)
    reasons = {row.id: reason for row in rows if (reason := _skip_reason(row)) is not None}
    for reason in set(reasons.values()):
        ids = [row_id for row_id, why in reasons.items() if why == reason]
        _skip(connection, ids, reason, now)
    mailable = [row for row in rows if row.id not in reasons]
    _mark_sending(connection, [row.id for row in mailable], transport, now)
    return ClaimedBatch(tuple(_claimed(row) for row in mailable), len(reasons))


def record(
    connection: Connection,
    outcomes: Iterable[tuple[Claim, Outcome]],
    *,
    patience: Patience,
    now: datetime,
) -> None:
    """Records what the attempts came to. Repeating it changes nothing.

    Of somebody who was erased meanwhile, nothing but the state is recorded.
    """
    told = list(outcomes)
    for claimed, outcome in told:
        waits = outcome.state is DeliveryState.DEFERRED
        _update(
            connection,
            [claimed.delivery_id],
            state=outcome.state,
            next_attempt_at=patience.next_attempt(claimed.attempts, now) if waits else None,
            code=outcome.code,
            enhanced=outcome.enhanced,
            # A server's reply often quotes the address.
            reply=case((deliveries.c.subscriber_id.is_not(None), outcome.reply)),
            updated_at=now,
        )
    _skip_erased(connection, [claimed.delivery_id for claimed, _ in told], now)


def skip(connection: Connection, claimed: Claim, reason: SkipReason, now: datetime) -> None:
    """Skips a claimed delivery that turns out not to be writable."""
    _skip(connection, [claimed.delivery_id], reason, now)


def release(connection: Connection, claims: Iterable[Claim], now: datetime) -> None:
    """Gives back claims whose attempts never began."""
    given_back = list(claims)
    for claimed in given_back:
        _update(
            connection,
            [claimed.delivery_id],
            state=DeliveryState.PENDING,
            attempts=claimed.attempts - 1,
            transport=case((deliveries.c.attempts > 1, deliveries.c.transport)),
            updated_at=now,
        )
    _skip_erased(connection, [claimed.delivery_id for claimed in given_back], now)


def has_work(connection: Connection, edition_id: int, now: datetime) -> bool:
    """Whether a sending edition could be taken further now.

    It could when a delivery is due, when a dead process left some behind, and when nothing is open
    any more but nobody has said that the edition is complete.
    """
    if due_deliveries(connection, edition_id, now, 1):
        return True
    left_behind = counts(connection, edition_id)[DeliveryState.SENDING]
    return bool(left_behind) or not is_open(connection, edition_id)


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
    return connection.execute(delete(deliveries).where(of_edition)).rowcount


def _skip_reason(row: Row[tuple[object, ...]]) -> SkipReason | None:
    if row.is_suppressed:
        return SkipReason.SUPPRESSED
    if row.status == SubscriptionStatus.ACTIVE:
        return None
    return SkipReason.PAUSED if row.status == SubscriptionStatus.PAUSED else SkipReason.UNSUBSCRIBED


def _claimed(row: Row[tuple[object, ...]]) -> Claim:
    return Claim(
        delivery_id=row.id,
        handle=row.handle,
        address=row.address,
        name=row.name,
        language=row.language,
        attempts=row.attempts + 1,
        variant=row.variant,
        format=MailFormat(row.format),
        attributes=row.attributes,
    )


def _mark_sending(connection: Connection, ids: list[int], transport: str, now: datetime) -> None:
    _update(
        connection,
        ids,
        state=DeliveryState.SENDING,
        attempts=deliveries.c.attempts + 1,
        transport=transport,
        first_attempt_at=case(
            (deliveries.c.first_attempt_at.is_(None), now), else_=deliveries.c.first_attempt_at
        ),
        updated_at=now,
    )


def _skip(connection: Connection, ids: list[int], reason: SkipReason, now: datetime) -> None:
    _update(connection, ids, state=DeliveryState.SKIPPED, reason=reason, updated_at=now)


def _skip_erased(connection: Connection, ids: list[int], now: datetime) -> None:
    # Whom nobody can be mailed any more must not keep the edition open for ever.
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id.in_(ids),
            deliveries.c.subscriber_id.is_(None),
            deliveries.c.state.in_((DeliveryState.PENDING, DeliveryState.DEFERRED)),
        )
        .values(
            state=DeliveryState.SKIPPED,
            reason=SkipReason.ERASED,
            next_attempt_at=None,
            updated_at=now,
        )
    )


def _update(connection: Connection, ids: list[int], **values: object) -> None:
    chosen: ColumnElement[bool] = deliveries.c.id.in_(ids)
    connection.execute(update(deliveries).where(chosen).values(**values))
