"""Making a copy of the database the one that sends: a moved workspace, a restored backup.

What the other copy has sent since, nobody here knows. So nothing goes on by itself: every edition
that was on its way waits for a person. What was approved goes by nobody but a person anyway, who is
told that it may have gone already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from newsletter.app.audited_steps import hold
from newsletter.app.left_behind import journals, recovery
from newsletter.app.workspace import Workspace
from newsletter.dispatch import totals
from newsletter.dispatch.recovery import Recovery
from newsletter.dispatch.senders import JournalFolder, open_senders
from newsletter.dispatch.transitions import TRANSITIONS, Cause
from newsletter.domain.editions import EditionState, HeldReason
from newsletter.domain.errors import Refused
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.storage import audit
from newsletter.storage.engine import reading

_ON_ITS_WAY = (
    EditionState.SCHEDULED,
    EditionState.SENDING,
    EditionState.PAUSED,
    EditionState.HELD,
)


@dataclass(frozen=True, slots=True)
class AdoptedEdition:
    """An edition that waits for a person now.

    `pending` deliveries, deferred ones among them, may already have gone from the other copy; of
    `made_unknown` a process that died left no journal.
    """

    edition: StoredEdition
    pending: int
    made_unknown: int

    def as_json(self) -> dict[str, Any]:
        """The keys of an edition that `send due` holds, and more."""
        return {
            "edition": self.edition.slug,
            "reason": self.edition.held_reason,
            "was": self.edition.held_from,
            "pending": self.pending,
            "made_unknown": self.made_unknown,
        }


@dataclass(frozen=True, slots=True)
class Adoption:
    """What came of it; where the database was live already, nothing.

    `approved` are the slugs of editions that were not on their way here, and may have gone from the
    other copy.
    """

    was_live: bool
    held: tuple[AdoptedEdition, ...]
    approved: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The answer of `db adopt`."""
        return {
            "was_live": self.was_live,
            "held": [one.as_json() for one in self.held],
            "approved": list(self.approved),
        }


def adopt(workspace: Workspace, *, actor: str) -> Adoption:
    """Makes this the live copy; holds every edition that is scheduled, being sent, paused or held,
    for `adopted`; settles what the senders of the copy left behind.

    Changes nothing on a database that is live. Raises Refused while a process sends from this very
    copy.
    """
    copy = workspace.live_copy
    if copy.standing.is_live and not recovery(workspace).is_database_behind():
        copy.require_live()
        return Adoption(was_live=True, held=(), approved=())
    # All senders here are of another life: wherever they ran, they will not come back to this copy.
    folder = journals(workspace, is_shared=True)
    _refuse_living(workspace, folder)

    def hold_all(connection: Connection) -> None:
        _hold_all(connection, workspace, actor)

    copy.rebind(hold_all)
    made_unknown = _settle(recovery(workspace, folder))
    _sweep(workspace, folder)
    held = tuple(_held(workspace, made_unknown))
    return Adoption(was_live=False, held=held, approved=_approved(workspace))


def _refuse_living(workspace: Workspace, folder: JournalFolder) -> None:
    with reading(workspace.engine) as connection:
        found = open_senders(connection)
    for sender in found:
        with folder.death(sender, workspace.now()) as remains:
            if remains is None:
                raise Refused(
                    f"{sender.host}, process {sender.pid} is still sending from this database",
                    cure="Stop it, or wait until it has ended, then run it again.",
                )


def _hold_all(connection: Connection, workspace: Workspace, actor: str) -> None:
    now = workspace.now()
    audit.record(
        connection, actor=actor, action="db adopt", subject="the database", detail="", at=now
    )
    for stored in store.editions_in(connection, _ON_ITS_WAY):
        hold(connection, stored, HeldReason.ADOPTED, actor=actor, at=now)


def _settle(settling: Recovery) -> Counter[int]:
    """Replays the journals that are there; gives by edition how many deliveries have none."""
    _, lost = settling.replay_all()
    made_unknown: Counter[int] = Counter()
    for one in lost:
        for edition_id in one.edition_ids:
            made_unknown[edition_id] += settling.give_up(one, [edition_id])
    return made_unknown


def _held(workspace: Workspace, made_unknown: Counter[int]) -> Iterator[AdoptedEdition]:
    doubtful = TRANSITIONS[Cause.DOUBT].sources
    with reading(workspace.engine) as connection:
        for stored in store.editions_in(connection, [EditionState.HELD]):
            counts = totals.counts(connection, stored.id)
            pending = sum(counts[state] for state in doubtful)
            yield AdoptedEdition(stored, pending, made_unknown[stored.id])


def _sweep(workspace: Workspace, folder: JournalFolder) -> None:
    """Lets go of the journals of senders that began after the copy was made: they are unknown here,
    and what they sent is what the person was told to look for."""
    with reading(workspace.engine) as connection:
        known = {sender.journal for sender in open_senders(connection)}
    folder.sweep(known, spares_young=False)


def _approved(workspace: Workspace) -> tuple[str, ...]:
    with reading(workspace.engine) as connection:
        found = store.editions_in(connection, [EditionState.APPROVED])
        return tuple(stored.slug for stored in found)
