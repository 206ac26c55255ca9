"""Sending editions: by hand and by the clock."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from newsletter.app.edition_status import status
from newsletter.app.freezing import freeze_audience
from newsletter.app.source_check import check_source
from newsletter.app.workspace import Workspace
from newsletter.audience.topics import topic
from newsletter.dispatch import ledger, totals
from newsletter.dispatch.ledger import Patience
from newsletter.dispatch.personal_messages import PersonalMessages
from newsletter.dispatch.ports import Transport
from newsletter.dispatch.relay import Relay
from newsletter.dispatch.sender_lock import OtherSender, sender_lock
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

Progress = Callable[[int], None]


@dataclass
class SendReport:
    """What one call of `send run` or `send due` did, edition by edition."""

    started: list[str] = field(default_factory=list)
    busy: list[tuple[str, OtherSender]] = field(default_factory=list)
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
    if stored.state is EditionState.SENDING:
        return stored
    check_step(Step.START, slug, stored.state)
    if stored.scheduled_at and stored.scheduled_at > workspace.now():
        raise Refused(
            f"edition {slug} is scheduled for "
            + said(stored.scheduled_at, stored.scheduled_zone or "UTC"),
            cure=f"Leave it to `newsletter send due`, or first run"
            f" `newsletter edition unschedule {slug}`.",
        )
    check_source(stored, as_imported=as_imported)
    if not status(workspace, slug).expected:
        raise Refused(
            f"nobody gets edition {slug}: {stored.topic} has no active subscription",
            cure="Bring people in with `newsletter subscribers import` or `add`.",
        )
    return stored


def run(
    workspace: Workspace,
    slug: str,
    *,
    as_imported: bool = False,
    progress: Progress = lambda done: None,
) -> SendReport:
    """Sends all of one edition that is due now; without a relay, into the outbox.

    Raises Refused when the edition may not be sent, RelayUnreachable before anything is touched.
    """
    stored = check_can_run(workspace, slug, as_imported=as_imported)
    report = SendReport()
    _send_edition(workspace, stored, workspace.relay or workspace.outbox, report, progress)
    return report


def due(workspace: Workspace, progress: Progress = lambda done: None) -> SendReport:
    """Sends every edition whose time has come, and goes on with those under way.

    Each on its own: a failure of one is reported and does not stop the others.
    """
    report = SendReport()
    for stored in _due_editions(workspace):
        try:
            if workspace.relay is None:
                _hold_without_relay(workspace, stored, report)
            else:
                _send_edition(workspace, stored, workspace.relay, report, progress)
        except NewsletterError as error:
            report.errors.append((stored.slug, error))
    return report


def _due_editions(workspace: Workspace) -> list[StoredEdition]:
    now = workspace.now()
    with reading(workspace.engine) as connection:
        scheduled = [
            stored
            for stored in store.editions_in(connection, [EditionState.SCHEDULED])
            if stored.scheduled_at and stored.scheduled_at <= now
        ]
        under_way = [
            stored
            for stored in store.editions_in(connection, [EditionState.SENDING])
            if ledger.has_work(connection, stored.id, now)
        ]
    return under_way + scheduled


def _hold_without_relay(workspace: Workspace, stored: StoredEdition, report: SendReport) -> None:
    with writing(workspace.engine) as connection:
        store.hold(connection, store.edition(connection, stored.slug), HeldReason.NO_RELAY)
    report.held.append((stored.slug, HeldReason.NO_RELAY))


def _send_edition(
    workspace: Workspace,
    stored: StoredEdition,
    relay: Relay,
    report: SendReport,
    progress: Progress,
) -> None:
    with sender_lock(workspace.settings.database_file, stored.slug) as other:
        if other is not None:
            report.busy.append((stored.slug, other))
            return
        asyncio.run(_hand_over(workspace, stored, connect(relay), report, progress))


async def _hand_over(
    workspace: Workspace,
    stored: StoredEdition,
    transport: Transport,
    report: SendReport,
    progress: Progress,
) -> None:
    try:
        await transport.open()  # before anything is touched: an unreachable relay changes nothing
        sending = _start(workspace, stored, transport, progress)
        report.started.append(stored.slug)
        report.tally += await sending.run()
    finally:
        await transport.close()
    with writing(workspace.engine) as connection:
        if not totals.is_open(connection, stored.id):
            current = store.edition(connection, stored.slug)
            store.take_step(connection, current, Step.COMPLETE)


def _start(
    workspace: Workspace, stored: StoredEdition, transport: Transport, progress: Progress
) -> Sending:
    tokens = workspace.tokens  # keys that cannot be used are found out before anybody is frozen
    with writing(workspace.engine) as connection:
        # Read again under the lock: another sender may have begun or finished it meanwhile.
        stored = store.edition(connection, stored.slug)
        snapshot = _snapshot(snapshots.current(connection, stored), stored)
        its_topic = topic(connection, stored.topic)
        if stored.state is not EditionState.SENDING:
            languages = store.content(connection, stored).languages
            store.take_step(connection, stored, Step.START)
            freeze_audience(connection, stored, its_topic.id, languages, workspace.now())
    messages = PersonalMessages(
        {lang: MessageTemplate.from_json(data) for lang, data in snapshot.messages.items()},
        tokens,
        workspace.mail_names,
        topic=its_topic.public_id,
        edition=stored.public_id,
    )
    dispatch = workspace.settings.dispatch
    return Sending(
        engine=workspace.engine,
        edition_id=stored.id,
        messages=messages,
        transport=transport,
        patience=Patience(dispatch.first_retry, dispatch.expire_after),
        now=workspace.now,
        progress=progress,
    )


def _snapshot(found: Snapshot | None, stored: StoredEdition) -> Snapshot:
    if found is None:
        raise Refused(
            f"edition {stored.slug} has no approved snapshot",
            cure=f"Approve it: newsletter edition approve {stored.slug}",
        )
    return found
