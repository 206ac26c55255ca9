"""Letting an edition go on: lifting a hold, undoing a run that went to the outbox."""

from __future__ import annotations

from newsletter.app.workspace import Workspace
from newsletter.dispatch import ledger
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.editions.lifecycle import Step, check_step
from newsletter.storage import audit
from newsletter.storage.engine import writing


def resume(workspace: Workspace, slug: str, *, actor: str) -> StoredEdition:
    """Lets a held edition go on from where it was held."""
    with writing(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        store.take_step(connection, stored, Step.RESUME)
        audit.record(
            connection,
            actor=actor,
            action="send resume",
            subject=slug,
            detail=f"was held: {stored.held_reason}",
            at=workspace.now(),
        )
        return store.edition(connection, slug)


def reset(workspace: Workspace, slug: str, *, actor: str) -> int:
    """Puts an edition that only ever went to the outbox back to approved; gives the rows undone.

    Raises Refused when a single message went to a real server.
    """
    with writing(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        check_step(Step.RESET, slug, stored.state)
        undone = ledger.forget_outbox_deliveries(connection, stored.id)
        store.take_step(connection, stored, Step.RESET)
        audit.record(
            connection,
            actor=actor,
            action="send reset",
            subject=slug,
            detail=f"{undone} deliveries to the outbox undone",
            at=workspace.now(),
        )
        return undone
