"""Recording what attempts at notices came to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, exists, select, update

from newsletter.dispatch.bounced_readers import is_hard
from newsletter.dispatch.patience import Patience
from newsletter.domain.deliveries import DeliveryState, Outcome
from newsletter.domain.notices import Notice, NoticeSkip
from newsletter.domain.people import Suppression, SuppressionReason
from newsletter.storage.schema import notices, subscribers
from newsletter.storage.suppressing import suppress_addresses

_FIRST_RETRY = timedelta(minutes=5)
"""How soon a notice is tried again at first: somebody is waiting for it."""


def record(
    connection: Connection, notice: Notice, outcome: Outcome, patience: Patience, now: datetime
) -> DeliveryState:
    """Records what the attempt at a claimed notice came to; gives the state that it is in then.

    What was deferred goes again, by `patience` but after five minutes at first, until it is of no
    use any more; so does one of which nobody knows what became of it. Whose address is none, by the
    server's word, is suppressed when it is on the list (B3). Nothing changes of a notice that
    somebody else has taken on since.
    """
    changes = _changes(notice, outcome, patience, now)
    if _settle(connection, notice, changes, now) and is_hard(outcome):
        _suppress(connection, notice, outcome, now)
    return DeliveryState(changes["state"])


def skip(connection: Connection, notice: Notice, reason: NoticeSkip, now: datetime) -> None:
    """Passes over a claimed notice."""
    _settle(connection, notice, {"state": DeliveryState.SKIPPED, "reason": reason}, now)


def _changes(notice: Notice, outcome: Outcome, patience: Patience, now: datetime) -> dict[str, Any]:
    said = {"code": outcome.code, "enhanced": outcome.enhanced, "reply": outcome.reply}
    if outcome.state in (DeliveryState.ACCEPTED, DeliveryState.FAILED):
        return {"state": outcome.state, **said}
    first = notice.first_attempt_at or now
    if now >= first + patience.expire_after:
        return {"state": DeliveryState.FAILED, **said}
    sooner = replace(patience, first_retry=min(patience.first_retry, _FIRST_RETRY))
    again = sooner.next_attempt(outcome, notice.attempt, first, now)
    # At its end it is due once more, to be passed over.
    return {
        "state": DeliveryState.DEFERRED,
        "next_attempt_at": min(again, notice.expires_at),
        **said,
    }


def _settle(connection: Connection, notice: Notice, changes: dict[str, Any], now: datetime) -> bool:
    is_still_ours = (
        (notices.c.id == notice.id)
        & (notices.c.attempts == notice.attempt)
        & (notices.c.state == DeliveryState.SENDING)
    )
    settled = update(notices).where(is_still_ours)
    found = connection.execute(settled.values(claimed_until=None, updated_at=now, **changes))
    return found.rowcount == 1


def _suppress(connection: Connection, notice: Notice, outcome: Outcome, now: datetime) -> None:
    is_listed = exists().where(subscribers.c.canonical == notice.canonical)
    if not connection.execute(select(is_listed)).scalar_one():
        return
    codes = " ".join(str(code) for code in (outcome.code, outcome.enhanced) if code)
    evidence = f"notice {notice.kind}: {codes}"
    suppress_addresses(
        connection,
        [Suppression(notice.canonical, SuppressionReason.HARD_BOUNCE, evidence, now)],
    )
