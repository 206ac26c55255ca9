"""What one run through an edition is put together from: connections, traffic, writing, turns."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from newsletter.app.readers.spool import apply_spooled
from newsletter.app.workspace import Workspace, database_url
from newsletter.dispatch import totals
from newsletter.dispatch.claims import Claim
from newsletter.dispatch.desk_after import DeskAfter
from newsletter.dispatch.hard_bounces import HardBounceGuard, standing
from newsletter.dispatch.journal_sync import GroupSync, no_sync
from newsletter.dispatch.keeper import Keeper
from newsletter.dispatch.lanes.lanes import Lanes
from newsletter.dispatch.lanes.limits import Limits, ReceiverLimit
from newsletter.dispatch.ledger import Lease
from newsletter.dispatch.personal_messages import PersonalMessages
from newsletter.dispatch.ports import Transport
from newsletter.dispatch.relay_shares import RelayShares
from newsletter.dispatch.relays import WeightedRelay
from newsletter.dispatch.sending import Means, Sending
from newsletter.dispatch.sending_process import SendingProcess
from newsletter.dispatch.traffic import Traffic
from newsletter.dispatch.turn_taking import InLoop, InThread, TakesTurns
from newsletter.dispatch.turns import LedgerDesk
from newsletter.dispatch.watching import Watcher
from newsletter.dispatch.wishes import Wishes, WishesAtDesk
from newsletter.dispatch.writing import Ahead, InPlace, Writes
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import HeldReason
from newsletter.domain.stored_editions import StoredEdition
from newsletter.settings.tables import Ambiguous, Durability
from newsletter.storage.change_marker import ChangeMarker
from newsletter.storage.engine import open_engine, reading

_MOST_THREADS = 4
"""More than that a single loop cannot keep busy."""

_AHEAD = 8
"""Messages for each connection that are written ahead: each is as long as an edition."""


@dataclass(frozen=True, slots=True)
class Ready:
    """An edition that is being sent, what writes its messages, in whose name, and how many of its
    deliveries have just been given up."""

    stored: StoredEdition
    messages: PersonalMessages
    lease: Lease
    expired: int


@dataclass(frozen=True, slots=True)
class Ways:
    """The relays by which an edition leaves, and the connections to them."""

    relays: Sequence[WeightedRelay]
    transports: Sequence[Transport]


@dataclass(frozen=True, slots=True)
class RunParts:
    """A run that is ready to go, and those of its parts that are asked how it went."""

    sending: Sending
    keeper: Keeper
    traffic: Traffic


@contextmanager
def assembled(
    workspace: Workspace,
    ready: Ready,
    ways: Ways,
    process: SendingProcess,
    watcher: Watcher,
    ends_at: datetime | None,
) -> Iterator[RunParts]:
    """The run of an edition, while the block lasts; nothing begins at `ends_at` or later."""
    slug = ready.stored.slug
    transports = ways.transports
    traffic = _traffic(workspace, ready, ways.relays, ends_at)
    with (
        _writing(workspace, ready.messages, connections=len(transports)) as writing,
        _at_ledger(workspace, ready, process, lambda: keeper.waiting) as (turns, wishes),
    ):
        keeper = Keeper(
            turns,
            process.journal,
            traffic,
            writing,
            connections=len(transports),
            on_skipped=lambda number: watcher.skipped(slug, number),
        )
        if isinstance(writing, Ahead):
            writing.on_ready = keeper.look
        means = _means(workspace, writing, transports, process)
        yield RunParts(Sending(slug, keeper, wishes, means, watcher), keeper, traffic)


def _traffic(
    workspace: Workspace,
    ready: Ready,
    relays: Sequence[WeightedRelay],
    ends_at: datetime | None,
) -> Traffic:
    clock = asyncio.get_running_loop().time
    return Traffic(
        Lanes(_limits(workspace, relays), has_accepted=_has_accepted(workspace, ready.stored)),
        RelayShares(relays, clock()),
        _guard(workspace, ready.stored),
        workspace.now,
        clock=clock,
        ends_at=ends_at,
    )


def _limits(workspace: Workspace, relays: Sequence[WeightedRelay]) -> Limits:
    settings = workspace.settings
    return Limits(
        rate=settings.dispatch.rate,
        relays={relay.name: relay.rate for relay in relays if relay.name and relay.rate},
        receivers={
            name: ReceiverLimit(limit.connections, limit.rate)
            for name, limit in settings.receivers.items()
        },
    )


def _has_accepted(workspace: Workspace, stored: StoredEdition) -> bool:
    with reading(workspace.engine) as connection:
        return totals.counts(connection, stored.id)[DeliveryState.ACCEPTED] > 0


def _guard(workspace: Workspace, stored: StoredEdition) -> HardBounceGuard | None:
    if HeldReason.HARD_BOUNCES in stored.overruled:
        return None
    with reading(workspace.engine) as connection:
        return HardBounceGuard(*standing(connection, stored.id))


def _means(
    workspace: Workspace,
    writing: Writes,
    transports: Sequence[Transport],
    process: SendingProcess,
) -> Means:
    dispatch = workspace.settings.dispatch
    return Means(
        writing=writing,
        transports=transports,
        journal=process.journal,
        before_end=GroupSync(process.journal.sync) if is_power_safe(workspace) else no_sync,
        repeats_unknown=dispatch.ambiguous is Ambiguous.RESEND,
        now=workspace.now,
    )


def is_power_safe(workspace: Workspace) -> bool:
    """Whether sending is to survive the end of the power, too."""
    return workspace.settings.dispatch.durability is Durability.POWER


@contextmanager
def _writing(
    workspace: Workspace, messages: PersonalMessages, *, connections: int
) -> Iterator[Writes]:
    if workspace.signatures is None:
        yield InPlace(messages, workspace.now)
        return
    threads = min(len(os.sched_getaffinity(0)), _MOST_THREADS)
    writing = Ahead(messages, workspace.now, threads=threads, most=_AHEAD * connections)
    try:
        yield writing
    finally:
        writing.close()


@contextmanager
def _at_ledger(
    workspace: Workspace,
    ready: Ready,
    process: SendingProcess,
    waiting: Callable[[], Collection[Claim]],
) -> Iterator[tuple[TakesTurns, Wishes]]:
    """How turns are taken, and who knows what people wish."""
    engine = workspace.engine
    ledger = (ready.stored.id, ready.lease, workspace.patience, workspace.now)
    if engine.dialect.name != "sqlite":
        with ChangeMarker(engine) as marker:
            wishes = Wishes(engine, process.sender_id, marker, waiting)
            desk = DeskAfter(LedgerDesk(engine, *ledger), lambda: apply_spooled(workspace))
            yield InThread(desk), wishes
        return
    # One connection for both, so that our own turns are no changes.
    single = open_engine(database_url(workspace.settings), busy_timeout=0, is_single=True)
    try:
        with ChangeMarker(single) as marker:
            wishes = Wishes(engine, process.sender_id, marker, waiting)
            at_desk = WishesAtDesk(LedgerDesk(single, *ledger), wishes)
            # By another connection: that somebody leaves is to count for those who wait, too.
            yield InLoop(DeskAfter(at_desk, lambda: apply_spooled(workspace, patience=0))), wishes
    finally:
        single.dispose()
