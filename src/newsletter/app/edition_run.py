"""One run through one edition: start it or go on with it, send what is due, see if that is all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from newsletter.app.audited_steps import take_step
from newsletter.app.edition_audience import approved_audience
from newsletter.app.freezing import freeze_audience
from newsletter.app.may_send import check_transport
from newsletter.app.send_report import SendReport
from newsletter.app.workspace import Workspace, database_url
from newsletter.audience.topics import topic
from newsletter.dispatch import ledger, totals
from newsletter.dispatch.journal_sync import GroupSync, no_sync
from newsletter.dispatch.keeper import Keeper
from newsletter.dispatch.ledger import Lease
from newsletter.dispatch.personal_messages import PersonalMessages
from newsletter.dispatch.ports import Transport
from newsletter.dispatch.relays import WeightedRelay
from newsletter.dispatch.sending import Means, Ran, Sending
from newsletter.dispatch.sending_process import SendingProcess, sending_process
from newsletter.dispatch.smtp_conversation import Timeouts
from newsletter.dispatch.stopping import Stopping
from newsletter.dispatch.transports import connect_all, open_first
from newsletter.dispatch.turn_taking import InLoop, InThread, TakesTurns
from newsletter.dispatch.turns import LedgerDesk
from newsletter.dispatch.watching import End, Watcher
from newsletter.dispatch.wishes import Wishes
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import EditionState
from newsletter.domain.errors import Refused
from newsletter.domain.stored_editions import Snapshot, StoredEdition
from newsletter.editions import snapshots, store
from newsletter.editions.lifecycle import Step
from newsletter.mail.message import MessageTemplate
from newsletter.settings.tables import Ambiguous, Durability
from newsletter.storage.change_marker import ChangeMarker
from newsletter.storage.engine import open_engine, reading, writing

Judge = Callable[[StoredEdition, datetime], bool]
"""Whether an edition may go now, judged under its lock."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """An edition that is being sent, and what writes its messages."""

    stored: StoredEdition
    messages: PersonalMessages
    lease: Lease


class EditionRun:
    """A run through the edition called `slug`; whoever starts it has seen to the lock."""

    def __init__(
        self,
        workspace: Workspace,
        slug: str,
        actor: str,
        *,
        watcher: Watcher,
        stopping: Stopping,
        ends_at: datetime | None = None,
    ) -> None:
        """`ends_at` is when quiet hours begin, from which on nothing more of it may begin."""
        self._workspace = workspace
        self._slug = slug
        self._actor = actor
        self._watcher = watcher
        self._stopping = stopping
        self._ends_at = ends_at

    async def send(
        self, relays: Sequence[WeightedRelay], report: SendReport, may_go: Judge
    ) -> None:
        """Sends all that is due by `relays`, and adds what came of it to the report.

        Raises Refused when it may not be sent, RelayUnreachable when no relay can be used,
        SurroundingsFailed.
        """
        async with _connections(self._workspace, relays) as transports:
            # Before anything is touched: relays that cannot be reached change nothing.
            await open_first(transports)
            # The same of keys that cannot be used.
            _ = self._workspace.tokens, self._workspace.signatures
            with self._process() as process:
                lease = Lease(process.sender_id, transports[0].name)
                ready = self._start(lease, may_go)
                if ready is None:
                    return
                report.started.append(self._slug)
                ran = await self._run(ready, transports, process)
        report.tally += ran.tally
        report.was_stopped = ran.end is End.STOPPED
        self._complete()

    @contextmanager
    def _process(self) -> Iterator[SendingProcess]:
        workspace = self._workspace
        with sending_process(
            workspace.engine,
            workspace.journal_folder,
            workspace.live_copy,
            workspace.now,
            is_power_safe=self._is_power_safe,
        ) as process:
            yield process

    @property
    def _is_power_safe(self) -> bool:
        return self._workspace.settings.dispatch.durability is Durability.POWER

    def _start(self, lease: Lease, may_go: Judge) -> _Ready | None:
        now = self._workspace.now()
        with writing(self._workspace.engine) as connection:
            # Judged anew under the lock: somebody may have sent it, moved it or taken its time
            # away since the list of what is due was made.
            stored = store.edition(connection, self._slug)
            if not may_go(stored, now):
                return None
            snapshot = _snapshot(snapshots.current(connection, stored), stored)
            if stored.state is not EditionState.SENDING:
                self._freeze(connection, stored, snapshot, lease, now)
            used = ledger.transports_used(connection, stored.id)
            check_transport(used, lease.transport, self._slug)
            ledger.expire_deferred(connection, stored.id, self._workspace.patience, now)
            messages = self._messages(connection, stored, snapshot)
        return _Ready(stored, messages, lease)

    def _freeze(
        self,
        connection: Connection,
        stored: StoredEdition,
        snapshot: Snapshot,
        lease: Lease,
        now: datetime,
    ) -> None:
        detail = f"by {lease.transport}, digest {snapshot.digest}"
        take_step(connection, stored, Step.START, actor=self._actor, at=now, detail=detail)
        topic_id = topic(connection, stored.topic).id
        audience = approved_audience(snapshot, topic_id, self._workspace.today)
        freeze_audience(connection, stored, audience)
        ledger.note_attempt(connection, stored.id, now)

    def _messages(
        self, connection: Connection, stored: StoredEdition, snapshot: Snapshot
    ) -> PersonalMessages:
        return PersonalMessages(
            {form: MessageTemplate.from_json(one) for form, one in snapshot.messages.items()},
            self._workspace.tokens,
            self._workspace.settings.mail.bounce_address,
            topic=topic(connection, stored.topic).public_id,
            edition=stored.public_id,
            signatures=self._workspace.signatures,
        )

    async def _run(
        self, ready: _Ready, transports: Sequence[Transport], process: SendingProcess
    ) -> Ran:
        workspace = self._workspace
        self._watcher.begins(self._slug, self._counts(ready.stored))
        with self._turns(ready) as turns, ChangeMarker(workspace.engine) as marker:
            keeper = Keeper(
                turns,
                process.journal,
                connections=len(transports),
                on_skipped=lambda number: self._watcher.skipped(self._slug, number),
            )
            wishes = Wishes(workspace.engine, process.sender_id, marker, lambda: keeper.waiting)
            means = self._means(ready, transports, process)
            sending = Sending(self._slug, keeper, wishes, means, self._watcher)
            try:
                return await sending.run(self._stopping)
            finally:
                self._watcher.ends(self._slug, keeper.why)

    @contextmanager
    def _turns(self, ready: _Ready) -> Iterator[TakesTurns]:
        engine = self._workspace.engine
        if engine.dialect.name != "sqlite":
            yield InThread(self._desk(engine, ready))
            return
        impatient = open_engine(database_url(self._workspace.settings), busy_timeout=0)
        try:
            yield InLoop(self._desk(impatient, ready))
        finally:
            impatient.dispose()

    def _desk(self, engine: Engine, ready: _Ready) -> LedgerDesk:
        workspace = self._workspace
        return LedgerDesk(engine, ready.stored.id, ready.lease, workspace.patience, workspace.now)

    def _means(
        self, ready: _Ready, transports: Sequence[Transport], process: SendingProcess
    ) -> Means:
        dispatch = self._workspace.settings.dispatch
        return Means(
            messages=ready.messages,
            transports=transports,
            journal=process.journal,
            before_end=GroupSync(process.journal.sync) if self._is_power_safe else no_sync,
            repeats_unknown=dispatch.ambiguous is Ambiguous.RESEND,
            now=self._workspace.now,
        )

    def _counts(self, stored: StoredEdition) -> dict[DeliveryState, int]:
        with reading(self._workspace.engine) as connection:
            return totals.counts(connection, stored.id)

    def _complete(self) -> None:
        with writing(self._workspace.engine) as connection:
            stored = store.edition(connection, self._slug)
            is_going = stored.state is EditionState.SENDING
            if is_going and not totals.is_open(connection, stored.id):
                now = self._workspace.now()
                take_step(connection, stored, Step.COMPLETE, actor=self._actor, at=now)


@asynccontextmanager
async def _connections(
    workspace: Workspace, relays: Sequence[WeightedRelay]
) -> AsyncIterator[Sequence[Transport]]:
    patience = workspace.settings.dispatch.timeout_reply.total_seconds()
    transports = connect_all(relays, Timeouts(final_dot=patience))
    try:
        yield transports
    finally:
        # Together, for a relay that has gone silent is waited for each time.
        await asyncio.gather(*(transport.close() for transport in transports))


def _snapshot(found: Snapshot | None, stored: StoredEdition) -> Snapshot:
    if found is None:
        raise Refused(
            f"edition {stored.slug} has no approved snapshot",
            cure=f"Approve it: newsletter edition approve {stored.slug}",
        )
    return found
