"""Letting an edition go on: lifting a hold, undoing a run that went to the outbox."""

from __future__ import annotations

from newsletter.app.audited_steps import take_step
from newsletter.app.workspace import Workspace
from newsletter.dispatch import ledger
from newsletter.dispatch.ports import SMTP
from newsletter.domain.errors import Refused
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.editions.lifecycle import Step
from newsletter.storage.engine import writing
from newsletter.storage.process_lock import process_lock


def resume(workspace: Workspace, slug: str, *, actor: str) -> StoredEdition:
    """Lets a held edition go on from where it was held."""
    with writing(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        detail = f"was held: {stored.held_reason}"
        take_step(connection, stored, Step.RESUME, actor=actor, at=workspace.now(), detail=detail)
        return store.edition(connection, slug)


def reset(workspace: Workspace, slug: str, *, actor: str) -> int:
    """Puts an edition that only ever went to the outbox back to approved; gives the rows undone.

    Raises Refused while somebody is sending it, and for ever once a real server was spoken to.
    """
    with (
        process_lock(workspace.lock_folder, slug) as other,
        writing(workspace.engine) as connection,
    ):
        stored = store.edition(connection, slug)
        if other is not None:
            raise Refused(f"edition {slug} is being sent by {other}", cure="Wait until it is done.")
        if SMTP in ledger.transports_used(connection, stored.id):
            raise Refused(
                f"messages of edition {slug} were given to a mail server",
                cure="Only an edition that went to the outbox alone can be reset.",
            )
        detail = "deliveries to the outbox undone"
        take_step(connection, stored, Step.RESET, actor=actor, at=workspace.now(), detail=detail)
        return ledger.forget_deliveries(connection, stored.id)
