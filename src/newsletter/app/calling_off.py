"""Stopping an edition on its way, for a while or for good. A sender that is at work notices within
seconds."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.app.audited_steps import take_step
from newsletter.app.edition_status import EditionStatus, status
from newsletter.app.workspace import Workspace
from newsletter.dispatch.cancelling import cancel_open
from newsletter.domain.deliveries import DeliveryState
from newsletter.editions import store
from newsletter.editions.lifecycle import Step, check_step
from newsletter.storage.engine import writing

_TO_COME = (DeliveryState.PENDING, DeliveryState.DEFERRED, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class Cancellation:
    """An edition that was cancelled: how it stands, and how many deliveries were skipped."""

    standing: EditionStatus
    skipped: int


def pause(workspace: Workspace, slug: str, *, actor: str) -> EditionStatus:
    """Stops an edition under way until somebody lets it go on; raises Refused for another one."""
    with writing(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        take_step(connection, stored, Step.PAUSE, actor=actor, at=workspace.now())
    return status(workspace, slug)


def still_to_get_it(workspace: Workspace, slug: str) -> int:
    """How many people would not get the edition if it were cancelled now.

    Raises Refused when it cannot be cancelled.
    """
    standing = status(workspace, slug)
    check_step(Step.CANCEL, slug, standing.edition.state)
    if not standing.audience:
        return standing.expected
    return sum(standing.counts[state] for state in _TO_COME)


def cancel(workspace: Workspace, slug: str, *, actor: str) -> Cancellation:
    """Calls an edition off for good: whoever has not got it does not get it.

    What a sender has begun goes its way. Raises Refused for an edition that is a draft or done.
    """
    now = workspace.now()
    with writing(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        check_step(Step.CANCEL, slug, stored.state)
        skipped = cancel_open(connection, stored.id, now)
        detail = f"deliveries skipped: {skipped}"
        take_step(connection, stored, Step.CANCEL, actor=actor, at=now, detail=detail)
    return Cancellation(status(workspace, slug), skipped)
