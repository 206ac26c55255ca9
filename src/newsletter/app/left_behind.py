"""What senders that died left behind: settled before anything else is sent."""

from __future__ import annotations

from collections import Counter

from newsletter.app.audited_steps import hold
from newsletter.app.send_report import SendReport
from newsletter.app.workspace import Workspace
from newsletter.dispatch.recovery import LostJournal, Recovery, Terms
from newsletter.dispatch.senders import JournalFolder
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import EditionState, HeldReason
from newsletter.editions import store
from newsletter.editions.lifecycle import WAYS, Step
from newsletter.settings.tables import Ambiguous
from newsletter.storage.engine import writing
from newsletter.storage.live_copy import CopyStanding, CopyState


def recovery(workspace: Workspace, folder: JournalFolder | None = None) -> Recovery:
    """What settles the deliveries of dead senders, on the terms of the settings; `folder` is where
    their journals lie, if not as usual."""
    terms = Terms(
        patience=workspace.patience,
        repeats_unknown=workspace.settings.dispatch.ambiguous is Ambiguous.RESEND,
        now=workspace.now,
    )
    is_file = workspace.settings.database_file is not None
    its_folder = folder or journals(workspace, is_shared=is_file)
    return Recovery(workspace.engine, its_folder, workspace.live_copy, terms)


def journals(workspace: Workspace, *, is_shared: bool) -> JournalFolder:
    """The journals of this database that lie here; all that there are, if the folder `is_shared` by
    whoever sends from it."""
    is_file = workspace.settings.database_file is not None
    database = None if is_file else workspace.live_copy.identity
    return JournalFolder(workspace.journal_folder, database=database, is_shared=is_shared)


def replay(workspace: Workspace) -> tuple[Counter[DeliveryState], list[LostJournal]]:
    """Replays the journals of dead senders: what deliveries came to, and the journals that cannot
    be read.

    Raises SurroundingsFailed, with nothing changed, when a journal knows more than the database:
    then this is an older one, put in the place of the live one while nobody was sending.
    """
    settling = recovery(workspace)
    if settling.is_database_behind():
        raise workspace.live_copy.fault(CopyStanding(CopyState.OUTDATED, None))
    return settling.replay_all()


def settle_what_was_left(workspace: Workspace, report: SendReport, *, actor: str) -> None:
    """Replays the journals of dead senders. An edition of which a journal is missing is held: what
    of it was sent is known to nobody."""
    tally, lost = replay(workspace)
    report.tally += tally
    for one in lost:
        for edition_id in one.edition_ids:
            _without_journal(workspace, one, edition_id, report, actor)


def _without_journal(
    workspace: Workspace,
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
        recovery(workspace).give_up(lost, [edition_id])
