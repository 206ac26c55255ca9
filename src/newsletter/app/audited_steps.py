"""An edition's steps, each with its line in the audit: neither is ever kept alone (X15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection

from newsletter.domain.editions import EditionState, HeldReason
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.editions.lifecycle import Step
from newsletter.storage import audit

_ACTIONS: Mapping[Step, str] = MappingProxyType(
    {
        Step.REVISE: "edition import",
        Step.APPROVE: "edition approve",
        Step.SCHEDULE: "edition schedule",
        Step.UNSCHEDULE: "edition unschedule",
        Step.START: "send start",
        Step.HOLD: "send hold",
        Step.PAUSE: "send pause",
        Step.RESUME: "send resume",
        Step.CANCEL: "send cancel",
        Step.REOPEN: "send reopen",
        Step.COMPLETE: "send complete",
        Step.RESET: "send reset",
    }
)


def take_step(
    connection: Connection,
    stored: StoredEdition,
    step: Step,
    *,
    actor: str,
    at: datetime,
    detail: str = "",
) -> None:
    """Moves the edition on; raises Refused when the lifecycle does not allow it."""
    store.take_step(connection, stored, step, at)
    _record(connection, stored, step, actor=actor, at=at, detail=detail)


def hold(
    connection: Connection,
    stored: StoredEdition,
    reason: HeldReason,
    *,
    actor: str,
    at: datetime,
    detail: str = "",
) -> None:
    """Holds the edition for a person; one that is held already gets the new reason. `detail` is
    what there is to say beside it, without anything of a reader's."""
    if stored.state is EditionState.HELD:
        store.change_hold(connection, stored, reason)
    else:
        store.hold(connection, stored, reason)
    _record(
        connection,
        stored,
        Step.HOLD,
        actor=actor,
        at=at,
        detail=": ".join(filter(None, (reason, detail))),
    )


def _record(
    connection: Connection,
    stored: StoredEdition,
    step: Step,
    *,
    actor: str,
    at: datetime,
    detail: str,
) -> None:
    audit.record(
        connection,
        actor=actor,
        action=_ACTIONS[step],
        subject=stored.slug,
        detail=detail,
        at=at,
    )
