"""Sending editions: by hand and by the clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection

from newsletter.app import event_loops
from newsletter.app.audited_steps import hold
from newsletter.app.chores import run_chores
from newsletter.app.complaint_gate import hold_for_complaints
from newsletter.app.edition_run import EditionRun, Judge
from newsletter.app.lateness import Punctuality, is_due
from newsletter.app.left_behind import settle_what_was_left
from newsletter.app.may_send import check_can_run, may_run
from newsletter.app.pauses import end_pauses
from newsletter.app.quiet_time import QuietTime
from newsletter.app.send_report import SendReport
from newsletter.app.workspace import Workspace
from newsletter.dispatch import ledger, totals
from newsletter.dispatch.relay import SmtpRelay
from newsletter.dispatch.relays import WeightedRelay
from newsletter.dispatch.stopping import Stopping
from newsletter.dispatch.watching import Unwatched, Watcher
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import EditionState, HeldReason
from newsletter.domain.errors import NewsletterError
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.storage.engine import reading, writing
from newsletter.storage.process_lock import process_lock

Relays: TypeAlias = Sequence[WeightedRelay]

_BEFORE_EDITIONS, _AFTER_EDITIONS = 5.0, 20.0
"""Seconds in which chores are begun."""


@dataclass(frozen=True)
class Sender:
    """Sends editions of one workspace, in the name of `actor`.

    `watcher` is told how it goes; `stopping` may be asked to stop it. With `skip_reachability`
    nobody asks whether readers can reach the public pages.
    """

    workspace: Workspace
    actor: str
    watcher: Watcher = field(default_factory=Unwatched)
    stopping: Stopping = field(default_factory=Stopping)
    skip_reachability: bool = False

    def run(self, slug: str, *, as_imported: bool = False) -> SendReport:
        """Sends all of one edition that is due now, in quiet hours too; without a relay, into the
        outbox. An edition of which a dead sender's journal is missing is held instead, and so is a
        new one after too many complaints.

        Raises Refused when the edition may not be sent; RelayUnreachable before anything is
        touched, and when the relay goes away; SurroundingsFailed on a copy of the database.
        """
        report = self._ready()
        if any(held == slug for held, _ in report.held):
            return report
        check_can_run(self.workspace, slug, as_imported=as_imported)
        self._send(slug, self.workspace.relays or self.workspace.outbox, report, may_run)
        return report

    def due(self) -> SendReport:
        """Sends every edition whose time has come, and goes on with those under way; in quiet hours
        nothing, which is due as before when they are over. Before it, and again after editions
        that took their time, the chores are done.

        Each on its own: a failure of one is reported and does not stop the others. Raises BadInput
        for a relay that cannot be read, SurroundingsFailed on a copy of the database.
        """
        report = self._ready()
        # First, so that who has left is not counted, and who waits for a mail need not wait for an
        # edition to be over.
        self._do_chores(report, _BEFORE_EDITIONS)
        relays = self.workspace.relays
        for slug in self._due_slugs():
            if self.stopping.is_asked:
                report.was_stopped = True
                break
            try:
                self._send_due(slug, relays, report)
            except NewsletterError as error:
                report.errors.append((slug, error))
        if report.started:
            self._do_chores(report, _AFTER_EDITIONS)
        return report

    def _do_chores(self, report: SendReport, seconds: float) -> None:
        report.chores.append(run_chores(self.workspace, seconds=seconds, stopping=self.stopping))

    def _ready(self) -> SendReport:
        self.workspace.live_copy.require_live()
        end_pauses(self.workspace)
        report = SendReport()
        settle_what_was_left(self.workspace, report, actor=self.actor)
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
                if is_due(stored, now)
            ]
        return under_way + scheduled

    def _send_due(self, slug: str, relays: Relays, report: SendReport) -> None:
        now = self.workspace.now()
        quiet_until = self._quiet.over_at(now)
        if quiet_until is not None:
            report.quiet.append((slug, quiet_until))
            return
        with self._lock(slug, report, may_join=False) as is_ours:
            if is_ours and not self._is_held(slug, report, has_relay=bool(relays)):
                self._run(slug, relays, report, is_due, self._quiet.begins_at(now))

    def _is_held(self, slug: str, report: SendReport, *, has_relay: bool) -> bool:
        """Holds an edition that must not go by itself; says whether it did."""
        now = self.workspace.now()
        with writing(self.workspace.engine) as connection:
            stored = store.edition(connection, slug)
            if not is_due(stored, now):
                return True  # somebody was faster
            reason = self._reason_to_hold(connection, stored, now, has_relay=has_relay)
            if reason is not None:
                hold(connection, stored, reason, actor=self.actor, at=now)
                report.held.append((slug, reason))
        return reason is not None

    def _reason_to_hold(
        self, connection: Connection, stored: StoredEdition, now: datetime, *, has_relay: bool
    ) -> HeldReason | None:
        if not has_relay:
            return HeldReason.NO_RELAY
        dispatch = self.workspace.settings.dispatch
        punctuality = Punctuality(dispatch.max_lateness, dispatch.expire_after, self._quiet)
        has_pending = totals.counts(connection, stored.id)[DeliveryState.PENDING] > 0
        is_late = punctuality.is_late(stored, has_pending=has_pending, now=now)
        return HeldReason.LATE if is_late else None

    @property
    def _quiet(self) -> QuietTime:
        return QuietTime.of(self.workspace.settings)

    @contextmanager
    def _lock(self, slug: str, report: SendReport, *, may_join: bool) -> Iterator[bool]:
        """Whether the edition is ours to send: nobody on this machine is at it, or we `may_join` on
        a database that lets several share it (design 5)."""
        is_shared = self.workspace.settings.database_file is None
        with process_lock(self.workspace.lock_folder, slug) as other:
            is_ours = other is None or (may_join and is_shared)
            if other is not None and not is_ours:
                report.busy.append((slug, other))
            yield is_ours

    def _send(self, slug: str, relays: Relays, report: SendReport, may_go: Judge) -> None:
        # Whom a person starts may join; cron comes every minute, and would pile them up.
        with self._lock(slug, report, may_join=True) as is_ours:
            if is_ours:
                self._run(slug, relays, report, may_go)

    def _run(
        self,
        slug: str,
        relays: Relays,
        report: SendReport,
        may_go: Judge,
        ends_at: datetime | None = None,
    ) -> None:
        if _mails(relays):
            if self._waits_for_complaints(slug, report):
                return
            if not self.skip_reachability:
                self._check_reachable(slug)
        run = EditionRun(
            self.workspace,
            slug,
            self.actor,
            watcher=self.watcher,
            stopping=self.stopping,
            ends_at=ends_at,
        )
        event_loops.run(run.send(relays, report, may_go))

    def _waits_for_complaints(self, slug: str, report: SendReport) -> bool:
        reason = hold_for_complaints(self.workspace, slug, actor=self.actor)
        if reason is not None:
            report.held.append((slug, reason))
        return reason is not None

    def _check_reachable(self, slug: str) -> None:
        # Imported here: an HTTP client takes longer to load than cron's usual call does to find
        # that nothing is due.
        from newsletter.app.reachability import check_reachable

        with reading(self.workspace.engine) as connection:
            stored = store.edition(connection, slug)
        check_reachable(self.workspace, stored)


def _mails(relays: Relays) -> bool:
    """Whether what goes by these relays reaches anybody."""
    return any(isinstance(one.relay, SmtpRelay) for one in relays)
