"""One run through one edition: start it or go on with it, send what is due, see if that is all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime

from sqlalchemy import Connection

from newsletter.app.audited_steps import hold, take_step
from newsletter.app.edition_audience import approved_audience
from newsletter.app.freezing import freeze_audience
from newsletter.app.may_send import check_transport
from newsletter.app.readers.spool import apply_spooled
from newsletter.app.run_assembly import Ready, Ways, assembled, is_power_safe
from newsletter.app.send_report import SendReport
from newsletter.app.waiting_relays import relays_open, remember_waiting
from newsletter.app.workspace import Workspace
from newsletter.audience.pausing import resume_due
from newsletter.audience.topics import topic
from newsletter.dispatch import ledger, totals
from newsletter.dispatch.ledger import Lease
from newsletter.dispatch.personal_messages import PersonalMessages
from newsletter.dispatch.ports import Transport
from newsletter.dispatch.relays import WeightedRelay
from newsletter.dispatch.sending import Ran
from newsletter.dispatch.sending_process import SendingProcess, sending_process
from newsletter.dispatch.smtp_conversation import Timeouts
from newsletter.dispatch.stopping import Stopping
from newsletter.dispatch.traffic import Hold
from newsletter.dispatch.transports import connect_all, open_first
from newsletter.dispatch.watching import End, Watcher
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import EditionState
from newsletter.domain.errors import Refused
from newsletter.domain.stored_editions import Snapshot, StoredEdition
from newsletter.editions import snapshots, store
from newsletter.editions.lifecycle import Step
from newsletter.mail.message import MessageTemplate
from newsletter.storage.engine import reading, writing

Judge = Callable[[StoredEdition, datetime], bool]
"""Whether an edition may go now, judged under its lock."""


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
        relays, first_opens_at = relays_open(self._workspace, relays)
        if not relays and first_opens_at is not None:
            report.waiting.append((self._slug, first_opens_at))
            return
        async with _connections(self._workspace, relays) as transports:
            # Before anything is touched: relays that cannot be reached change nothing.
            await open_first(transports, lambda fault: remember_waiting(self._workspace, fault))
            # The same of keys that cannot be used.
            _ = self._workspace.tokens, self._workspace.signatures
            with self._process() as process:
                lease = Lease(process.sender_id, transports[0].name)
                ready = self._start(lease, may_go)
                if ready is None:
                    return
                report.started.append(self._slug)
                if ready.expired:
                    report.tally[DeliveryState.FAILED] += ready.expired
                ran, why = await self._run(ready, Ways(relays, transports), process)
        report.tally += ran.tally
        report.was_stopped = ran.end is End.STOPPED
        if ran.end is End.WAITING:
            _, opens_at = relays_open(self._workspace, relays)
            report.waiting += [(self._slug, opens_at)] if opens_at else []
        if why is not None:
            self._hold(why, report)
        self._complete()

    @contextmanager
    def _process(self) -> Iterator[SendingProcess]:
        workspace = self._workspace
        with sending_process(
            workspace.engine,
            workspace.journal_folder,
            workspace.live_copy,
            workspace.now,
            is_power_safe=is_power_safe(workspace),
        ) as process:
            yield process

    def _start(self, lease: Lease, may_go: Judge) -> Ready | None:
        # Before the people freeze: who could not be taken off the list when they asked.
        apply_spooled(self._workspace)
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
            patience = self._workspace.patience
            expired = ledger.expire_deferred(connection, stored.id, patience, now)
            messages = self._messages(connection, stored, snapshot)
        return Ready(stored, messages, lease, expired)

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
        resume_due(connection, now)
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
        self, ready: Ready, ways: Ways, process: SendingProcess
    ) -> tuple[Ran, Hold | None]:
        self._watcher.begins(self._slug, self._counts(ready.stored))
        with assembled(
            self._workspace, ready, ways, process, self._watcher, self._ends_at
        ) as parts:
            try:
                ran = await parts.sending.run(self._stopping)
            finally:
                self._watcher.ends(self._slug, parts.keeper.why)
            return ran, parts.traffic.hold

    def _hold(self, why: Hold, report: SendReport) -> None:
        with writing(self._workspace.engine) as connection:
            stored = store.edition(connection, self._slug)
            if stored.state is not EditionState.SENDING:
                return  # somebody has paused or cancelled it, or another sender was faster
            now = self._workspace.now()
            hold(connection, stored, why.reason, actor=self._actor, at=now, detail=why.detail)
        report.held.append((self._slug, why.reason))

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
