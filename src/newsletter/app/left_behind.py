"""What senders that died left behind: settled before anything else is sent."""

from __future__ import annotations

from newsletter.app.audited_steps import hold
from newsletter.app.send_report import SendReport
from newsletter.app.workspace import Workspace
from newsletter.dispatch.recovery import LostJournal, Recovery, Terms
from newsletter.dispatch.senders import JournalFolder
from newsletter.domain.editions import EditionState, HeldReason
from newsletter.editions import store
from newsletter.editions.lifecycle import WAYS, Step
from newsletter.settings.model import Ambiguous
from newsletter.storage.engine import writing


def recovery(workspace: Workspace, folder: JournalFolder | None = None) -> Recovery:
    """What settles the deliveries of dead senders, on the terms of the settings; `folder` is where
    their journals lie, if not as usual."""
    terms = Terms(
        patience=workspace.patience,
        repeats_unknown=workspace.settings.dispatch.ambiguous is Ambiguous.RESEND,
        now=workspace.now,
    )
    is_file = workspace.settings.database_file is not None
    usual = JournalFolder(workspace.journal_folder, is_shared=is_file)
    return Recovery(workspace.engine, folder or usual, workspace.live_copy, terms)


def settle_what_was_left(workspace: Workspace, report: SendReport, *, actor: str) -> None:
    """Replays the journals of dead senders. An edition of which a journal is missing is held: what
    of it was sent is known to nobody."""
    settling = recovery(workspace)
    tally, lost = settling.replay_all()
    report.tally += tally
    for one in lost:
        for edition_id in one.edition_ids:
            _without_journal(workspace, settling, one, edition_id, report, actor)


def _without_journal(
    workspace: Workspace,
    settling: Recovery,
    lost: LostJournal,
    edition_id: int,
    report: SendReport,
    actor: str,
) -> None:
    with writing(workspace.engine) as connection:
        stored = store.edition_by_id(connection, edition_id)
        if stored.state in WAYS[Step.HOLD].sources:
            reason = HeldReason.JOURNAL_MISSING
            hold(connection, stored, reason, actor=actor, at=workspace.now())
            report.held.append((stored.slug, reason))
    if stored.state in (EditionState.COMPLETE, EditionState.CANCELLED):
        # Nothing of it is sent any more: nobody has to decide, but everybody is to be named.
        settling.give_up(lost, [edition_id])
