"""New editions wait for a person while too many readers complain of the ones before (A6)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from newsletter.app.audited_steps import hold
from newsletter.app.workspace import Workspace
from newsletter.dispatch.ports import SMTP
from newsletter.domain.editions import EditionState, HeldReason
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.reporting.complaints import complaints
from newsletter.reporting.figures import together
from newsletter.reporting.rates import is_over
from newsletter.reporting.recent import recent_editions, splits
from newsletter.reporting.thresholds import FEWEST_CASES, Measure
from newsletter.storage.engine import reading, writing

_BEFORE_IT_STARTS = (EditionState.APPROVED, EditionState.SCHEDULED)


def hold_for_complaints(workspace: Workspace, slug: str, *, actor: str) -> HeldReason | None:
    """Holds an edition that is about to start when it must wait for complaints; gives the reason,
    None when it may go.

    One that is being sent already goes on: to stop half-way helps nobody.
    """
    now = workspace.now()
    # Counting may take seconds, during which nobody else is to wait for the write lock.
    with reading(workspace.engine) as connection:
        reason = reason_to_hold(connection, store.edition(connection, slug), now)
    if reason is None:
        return None
    with writing(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        if stored.state not in _BEFORE_IT_STARTS:
            return None  # somebody was faster
        hold(connection, stored, reason, actor=actor, at=now)
    return reason


def reason_to_hold(
    connection: Connection, stored: StoredEdition, now: datetime
) -> HeldReason | None:
    """Whether the edition has to wait before it starts: the rate of complaints about all mail of
    the recent editions is over what receivers put up with, at all of them together or at one.

    Nothing holds an edition that a person let go on in spite of it.
    """
    if stored.state not in _BEFORE_IT_STARTS or HeldReason.COMPLAINTS in stored.overruled:
        return None
    recent = recent_editions(connection, now, SMTP)
    if complaints(connection, recent, SMTP).total() < FEWEST_CASES:
        return None  # as nearly always; it spares counting a million deliveries
    mail = together([each.standing for each in splits(connection, recent, SMTP).values()])
    return HeldReason.COMPLAINTS if is_over(mail, Measure.COMPLAINTS) else None
