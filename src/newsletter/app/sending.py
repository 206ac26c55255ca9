"""Sending editions: by hand and by the clock."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from newsletter.app.audited_steps import hold, take_step
from newsletter.app.edition_audience import approved_audience
from newsletter.app.edition_status import status
from newsletter.app.freezing import freeze_audience
from newsletter.app.source_check import check_source
from newsletter.app.workspace import Workspace
from newsletter.audience.topics import topic
from newsletter.dispatch import ledger, totals
from newsletter.dispatch.personal_messages import PersonalMessages
from newsletter.dispatch.ports import SMTP, Transport
from newsletter.dispatch.relay import Relay
from newsletter.dispatch.sending import Sending
from newsletter.dispatch.transports import connect
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import EditionState, HeldReason
from newsletter.domain.errors import NewsletterError, Refused, SurroundingsFailed
from newsletter.domain.stored_editions import Snapshot, StoredEdition
from newsletter.editions import snapshots, store
from newsletter.editions.lifecycle import Step, check_step
from newsletter.editions.times import said
from newsletter.mail.message import MessageTemplate
from newsletter.storage.engine import reading, writing
from newsletter.storage.process_lock import OtherProcess, process_lock

Progress = Callable[[int], None]
"""Called with the number of deliveries that have just been dealt with."""

Judge = Callable[[StoredEdition, datetime], bool]
"""Whether an edition may go now, judged under its lock."""


@dataclass
class SendReport:
    """What one call of `send run` or `send due` did, edition by edition."""

    started: list[str] = field(default_factory=list)
    busy: list[tuple[str, OtherProcess]] = field(default_factory=list)
    held: list[tuple[str, HeldReason]] = field(default_factory=list)
    errors: list[tuple[str, NewsletterError]] = field(default_factory=list)
    tally: Counter[DeliveryState] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """The answer with exactly the keys that the command line promises."""
        return {
            "started": self.started,
            "busy": [slug for slug, _ in self.busy],
            "held": [{"edition": slug, "reason": reason} for slug, reason in self.held],
        }

    @property
    def exit_code(self) -> int:
        """3 when the surroundings failed, 1 when somebody did not get it or an edition waits."""
        if any(error.exit_code == SurroundingsFailed.exit_code for _, error in self.errors):
            return 3
        if any(reason is HeldReason.NO_RELAY for _, reason in self.held):
            return 3
        lost = self.tally[DeliveryState.FAILED] + self.tally[DeliveryState.UNKNOWN]
        return 1 if self.errors or self.held or lost else 0


def check_can_run(workspace: Workspace, slug: str, *, as_imported: bool) -> StoredEdition:
    """The edition, when `send run` may start it or go on with it; raises Refused when not."""
    with reading(workspace.engine) as connection:
        stored = store.edition(connection, slug)
    _may_run(stored, workspace.now())
    if stored.state is EditionState.SENDING:
        return stored
    check_source(stored, as_imported=as_imported)
    if not status(workspace, slug).expected:
        raise Refused(
            f"nobody gets edition {slug}: nobody active in {stored.topic} is in its audience",
            cure="Bring people in with `newsletter subscribers import` or `add`, or look at its"
            " segment with `newsletter segments count`.",
        )
    return stored


@dataclass(frozen=True)
class Sender:
    """Sends editions of one workspace, in the name of `actor`."""

    workspace: Workspace
    actor: str
    progress: Progress = lambda done: None

    def run(self, slug: str, *, as_imported: bool = False) -> SendReport:
        """Sends all of one edition that is due now; without a relay, into the outbox.

        Raises Refused when the edition may not be sent, RelayUnreachable before anything is
        touched.
        """
        check_can_run(self.workspace, slug, as_imported=as_imported)
        report = SendReport()
        self._send(slug, self.workspace.relay or self.workspace.outbox, report, _may_run)
        return report

    def due(self) -> SendReport:
        """Sends every edition whose time has come, and goes on with those under way.

        Each on its own: a failure of one is reported and does not stop the others. Raises BadInput
        for a relay that cannot be read.
        """
        report = SendReport()
        relay = self.workspace.relay
        for slug in self._due_slugs():
            try:
                if relay is None:
                    self._hold_without_relay(slug, report)
                else:
                    self._send(slug, relay, report, _is_due)
            except NewsletterError as error:
                report.errors.append((slug, error))
        return report

    def _due_slugs(self) -> list[str]:
        now = self.workspace.now()
        with reading(self.workspace.engine) as connection:
            under_way = [
                stored.slug
                for stored in store.editions_in(connection, [EditionState.SENDING])
                if ledger.has_work(connection, stored.id, now)
            ]
            scheduled = [
                stored.slug
                for stored in store.editions_in(connection, [EditionState.SCHEDULED])
                if _is_due(stored, now)
            ]
        return under_way + scheduled

    def _hold_without_relay(self, slug: str, report: SendReport) -> None:
        now = self.workspace.now()
        with self._lock(slug, report) as is_ours:
            if not is_ours:
                return
            with writing(self.workspace.engine) as connection:
                stored = store.edition(connection, slug)
                if _is_due(stored, now):
                    hold(connection, stored, HeldReason.NO_RELAY, actor=self.actor, at=now)
                    report.held.append((slug, HeldReason.NO_RELAY))

    @contextmanager
    def _lock(self, slug: str, report: SendReport) -> Iterator[bool]:
        with process_lock(self.workspace.lock_folder, slug) as other:
            if other is not None:
                report.busy.append((slug, other))
            yield other is None

    def _send(self, slug: str, relay: Relay, report: SendReport, may_go: Judge) -> None:
        with self._lock(slug, report) as is_ours:
            if is_ours:
                asyncio.run(self._hand_over(slug, connect(relay), report, may_go))

    async def _hand_over(
        self, slug: str, transport: Transport, report: SendReport, may_go: Judge
    ) -> None:
        try:
            # Before anything is touched: an unreachable relay changes nothing.
            await transport.open()
            sending = self._start(slug, transport, may_go)
            if sending is None:
                return
            report.started.append(slug)
            report.tally += await sending.run()
        finally:
            await transport.close()
        self._complete(slug)

    def _start(self, slug: str, transport: Transport, may_go: Judge) -> Sending | None:
        workspace = self.workspace
        tokens = workspace.tokens  # keys that cannot be used are found out before the freeze
        now = workspace.now()
        with writing(workspace.engine) as connection:
            # Judged anew under the lock: somebody may have sent it, moved it or taken its time
            # away since the list of what is due was made.
            stored = store.edition(connection, slug)
            if not may_go(stored, now):
                return None
            snapshot = _snapshot(snapshots.current(connection, stored), stored)
            its_topic = topic(connection, stored.topic)
            if stored.state is not EditionState.SENDING:
                detail = f"by {transport.name}, digest {snapshot.digest}"
                take_step(connection, stored, Step.START, actor=self.actor, at=now, detail=detail)
                audience = approved_audience(snapshot, its_topic.id, workspace.today)
                freeze_audience(connection, stored, audience, now)
            _check_transport(ledger.transports_used(connection, stored.id), transport.name, slug)
        return Sending(
            engine=workspace.engine,
            edition_id=stored.id,
            messages=PersonalMessages(
                {form: MessageTemplate.from_json(one) for form, one in snapshot.messages.items()},
                tokens,
                workspace.settings.mail.bounce_address,
                topic=its_topic.public_id,
                edition=stored.public_id,
            ),
            transport=transport,
            patience=workspace.patience,
            now=workspace.now,
            progress=self.progress,
        )

    def _complete(self, slug: str) -> None:
        with writing(self.workspace.engine) as connection:
            stored = store.edition(connection, slug)
            if not totals.is_open(connection, stored.id):
                now = self.workspace.now()
                take_step(connection, stored, Step.COMPLETE, actor=self.actor, at=now)


def _is_due(stored: StoredEdition, now: datetime) -> bool:
    """Whether the clock says that the edition goes out, or on."""
    if stored.state is EditionState.SCHEDULED:
        return stored.scheduled_at is not None and stored.scheduled_at <= now
    return stored.state is EditionState.SENDING


def _may_run(stored: StoredEdition, now: datetime) -> bool:
    """Whether a person may send the edition now; raises Refused, in words, when not."""
    if stored.state is not EditionState.SENDING:
        check_step(Step.START, stored.slug, stored.state)
        _check_time(stored, now)
    return True


def _check_time(stored: StoredEdition, now: datetime) -> None:
    if stored.scheduled_at is not None and stored.scheduled_at > now:
        raise Refused(
            f"edition {stored.slug} is scheduled for "
            + said(stored.scheduled_at, stored.scheduled_zone or "UTC"),
            cure="Leave it to `newsletter send due`, or first run"
            f" `newsletter edition unschedule {stored.slug}`.",
        )


def _check_transport(used: frozenset[str], name: str, slug: str) -> None:
    """One edition leaves by one way: what lies in the outbox reached nobody."""
    if used <= {name}:
        return
    if SMTP in used:
        raise SurroundingsFailed(
            f"edition {slug} was begun through a mail server, and no relay is set now",
            cure="Set relay.url as it was (NEWSLETTER_RELAY_URL), then run it again.",
        )
    raise Refused(
        f"a part of edition {slug} is in the outbox and reached nobody",
        cure=f"Run `newsletter send reset {slug}` first: then all of it goes by the relay.",
    )


def _snapshot(found: Snapshot | None, stored: StoredEdition) -> Snapshot:
    if found is None:
        raise Refused(
            f"edition {stored.slug} has no approved snapshot",
            cure=f"Approve it: newsletter edition approve {stored.slug}",
        )
    return found
