"""Letting an edition go on: after a pause or a hold, or again after a run that went to the
outbox."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from newsletter.app.audited_steps import take_step
from newsletter.app.edition_status import EditionStatus, status
from newsletter.app.left_behind import recovery, replay
from newsletter.app.workspace import Workspace
from newsletter.dispatch import ledger, totals
from newsletter.dispatch.decisions import doubt_pending
from newsletter.dispatch.lanes import store as lane_store
from newsletter.dispatch.ports import SMTP
from newsletter.dispatch.waiting_for_us import hurry
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import HeldReason
from newsletter.domain.errors import Refused
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.editions.lifecycle import Step, check_step
from newsletter.storage.engine import reading, writing
from newsletter.storage.process_lock import process_lock


class Doubt(StrEnum):
    """What a person says of deliveries of which this database does not know enough; the values are
    the command line's options."""

    JOURNAL_LOST = "--journal-lost"
    PENDING_UNKNOWN = "--pending-unknown"


_REASONS: Mapping[Doubt, HeldReason] = MappingProxyType(
    {
        Doubt.JOURNAL_LOST: HeldReason.JOURNAL_MISSING,
        Doubt.PENDING_UNKNOWN: HeldReason.ADOPTED,
    }
)


_JUDGED = frozenset({HeldReason.HARD_BOUNCES, HeldReason.COMPLAINTS})
"""Reasons by which a person is asked for a judgement, once for each edition."""


@dataclass(frozen=True, slots=True)
class Resumption:
    """An edition that goes on: how it stands, how many deliveries were made unknown, and how many
    are due at once that waited for a fault of ours to be mended."""

    standing: EditionStatus
    made_unknown: int
    due_at_once: int

    def as_json(self) -> dict[str, Any]:
        """The keys of the status, `made_unknown` and `due_at_once`."""
        more = {"made_unknown": self.made_unknown, "due_at_once": self.due_at_once}
        return self.standing.as_json() | more


def resume(
    workspace: Workspace, slug: str, *, actor: str, doubts: Collection[Doubt] = ()
) -> Resumption:
    """Lets a paused edition go on, and a held one from where it was held.

    First makes unknown what the `doubts` name: what the senders of lost journals had taken on, or
    all that is pending or deferred. What a fault of ours kept waiting is due at once; for bad
    addresses or complaints the edition is not held again. Raises Refused for an edition that is
    neither paused nor held, or that is not held for the reason of a doubt; SurroundingsFailed on a
    copy of the database.
    """
    workspace.live_copy.require_live()
    with reading(workspace.engine) as connection:
        stored = _resumable(connection, slug, doubts)
    made_unknown = 0
    if Doubt.JOURNAL_LOST in doubts:
        made_unknown += _give_up_journals(workspace, stored)
    with writing(workspace.engine) as connection:
        # Judged anew: somebody else may have resumed or cancelled it in between.
        stored = _resumable(connection, slug, doubts)
        now = workspace.now()
        if Doubt.PENDING_UNKNOWN in doubts:
            made_unknown += doubt_pending(connection, stored.id, now)
        due_at_once = _heed(connection, stored, now)
        detail = f"was {stored.held_reason or stored.state}; made unknown: {made_unknown}"
        take_step(connection, stored, Step.RESUME, actor=actor, at=now, detail=detail)
        store.set_released(connection, stored, now)
    return Resumption(status(workspace, slug), made_unknown, due_at_once)


def reset(workspace: Workspace, slug: str, *, actor: str) -> int:
    """Puts an edition that only ever went to the outbox back to approved, without a time; gives the
    number of rows undone.

    Raises Refused while somebody is sending it, and for ever once a real server was spoken to;
    SurroundingsFailed on a copy of the database.
    """
    workspace.live_copy.require_live()
    replay(workspace)  # what a dead process had in hand keeps nobody from anything
    with (
        process_lock(workspace.lock_folder, slug) as other,
        writing(workspace.engine) as connection,
    ):
        stored = store.edition(connection, slug)
        _check_outbox_only(connection, stored)
        # On a server's database another machine may be at it, which holds no lock here.
        if other is not None or totals.counts(connection, stored.id)[DeliveryState.SENDING]:
            by = other or "another process"
            raise Refused(f"edition {slug} is being sent by {by}", cure="Wait until it is done.")
        detail = "deliveries to the outbox undone"
        take_step(connection, stored, Step.RESET, actor=actor, at=workspace.now(), detail=detail)
        store.set_schedule(connection, stored, None, None)
        return ledger.forget_deliveries(connection, stored.id)


def _resumable(connection: Connection, slug: str, doubts: Collection[Doubt]) -> StoredEdition:
    stored = store.edition(connection, slug)
    check_step(Step.RESUME, slug, stored.state)
    for doubt in doubts:
        if stored.held_reason is not _REASONS[doubt]:
            reason = f"held for {stored.held_reason}" if stored.held_reason else stored.state
            raise Refused(
                f"{doubt} is for an edition held for {_REASONS[doubt]}, and {slug} is {reason}",
                cure=f"Let it go on with {_fitting(stored)}.",
            )
    return stored


def _heed(connection: Connection, stored: StoredEdition, now: datetime) -> int:
    """Does what follows from the reason that a person resumes from; gives how many are due."""
    if stored.held_reason in _JUDGED:
        store.overrule(connection, stored, stored.held_reason)
    if stored.held_reason is not HeldReason.OUR_FAULT:
        return 0
    lane_store.reopen(connection, now)
    return hurry(connection, stored.id, now)


def _fitting(stored: StoredEdition) -> str:
    plain = f"`newsletter send resume {stored.slug}`"
    options = [doubt for doubt, reason in _REASONS.items() if reason is stored.held_reason]
    return " or ".join(
        [plain, *(f"`newsletter send resume {stored.slug} {one}`" for one in options)]
    )


def _give_up_journals(workspace: Workspace, stored: StoredEdition) -> int:
    settling = recovery(workspace)
    _, lost = replay(workspace)
    return sum(settling.give_up(one, [stored.id]) for one in lost if stored.id in one.edition_ids)


def _check_outbox_only(connection: Connection, stored: StoredEdition) -> None:
    if SMTP in ledger.transports_used(connection, stored.id):
        raise Refused(
            f"messages of edition {stored.slug} were given to a mail server",
            cure="Only an edition that went to the outbox alone can be reset.",
        )
