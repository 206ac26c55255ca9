"""One round of sending notices: it loads the composer, and so is loaded when there is one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from newsletter.app.notices.messages import NoticeMessages
from newsletter.app.notices.reports import Allowance, NoticeDone, NoticeReport
from newsletter.app.notices.stopped import NobodyThere, is_unwanted
from newsletter.app.waiting_relays import remember_waiting
from newsletter.app.workspace import Workspace
from newsletter.dispatch.notices import claiming, recording
from newsletter.dispatch.ports import Transport
from newsletter.dispatch.relays import WeightedRelay
from newsletter.dispatch.smtp_conversation import Timeouts
from newsletter.dispatch.transports import connect_all, open_first
from newsletter.domain.deliveries import DeliveryState, Envelope, Outcome
from newsletter.domain.errors import BadAddress, NewsletterError, RelayUnreachable
from newsletter.domain.notices import Notice, NoticeSkip
from newsletter.storage.engine import writing

TIMEOUTS = Timeouts(connect=10, greeting=20, command=20, data=20, block=30, final_dot=60, quit=5)
"""Shorter than RFC 5321 has them (S6), so that the longest way through a message ends within its
lease. To give up early may mean a second copy, which does no harm here."""

_NOT_WRITTEN = Outcome(DeliveryState.DEFERRED, None, None, "the message could not be written")
_RELAY_LOST = Outcome(DeliveryState.DEFERRED, None, None, "the relay was lost")


class Round:
    """One call that has something to send."""

    def __init__(self, workspace: Workspace, allowance: Allowance, report: NoticeReport) -> None:
        self._workspace = workspace
        self._allowance = allowance
        self._report = report
        self._ends_at = allowance.clock() + allowance.seconds
        self._is_refused = False

    async def send(self, relays: Sequence[WeightedRelay]) -> None:
        """Sends what is due over one connection."""
        messages = self._messages()
        transports = connect_all([replace(one, connections=1) for one in relays], TIMEOUTS)
        try:
            transport = await open_first(
                transports, lambda fault: remember_waiting(self._workspace, fault)
            )
            while self._may_go_on and await self._send_next(messages, transport):
                pass
        finally:
            await asyncio.gather(*(one.close() for one in transports))

    def _messages(self) -> NoticeMessages:
        # Keys that cannot be used are found out before anything is touched.
        _ = self._workspace.tokens, self._workspace.signatures
        return NoticeMessages(self._workspace)

    @property
    def _may_go_on(self) -> bool:
        allowance = self._allowance
        return (
            len(self._report.done) < allowance.most
            and allowance.clock() < self._ends_at
            and not allowance.stopping.is_asked
            and not self._is_refused
        )

    async def _send_next(self, messages: NoticeMessages, transport: Transport) -> bool:
        """Sends the next one; gives whether there was one."""
        with writing(self._workspace.engine) as connection:
            notice = claiming.claim(connection, self._workspace.now())
            # Whether it is still wanted is read in the same transaction as the claim (A7).
            if notice is not None and is_unwanted(connection, notice, self._workspace.seals):
                recording.skip(connection, notice, NoticeSkip.STOPPED, self._workspace.now())
                self._note(notice, DeliveryState.SKIPPED)
                return True
        if notice is not None:
            await self._attempt(notice, messages, transport)
        return notice is not None

    async def _attempt(
        self, notice: Notice, messages: NoticeMessages, transport: Transport
    ) -> None:
        try:
            envelope, message = messages.write(notice, self._workspace.now())
        except NobodyThere:
            self._skip(notice, NoticeSkip.STOPPED)
        except BadAddress:
            self._skip(notice, NoticeSkip.ADDRESS)
        except NewsletterError as fault:
            # A template or a picture: it can be mended, and nobody's notice is lost for it.
            self._report.faults.append(fault)
            self._record(notice, _NOT_WRITTEN)
        else:
            await self._hand_over(notice, envelope, message, transport)

    async def _hand_over(
        self, notice: Notice, envelope: Envelope, message: bytes, transport: Transport
    ) -> None:
        try:
            outcome = await transport.begin(envelope, message) or await transport.finish()
        except RelayUnreachable as fault:
            remember_waiting(self._workspace, fault)
            self._record(notice, _RELAY_LOST)
            raise
        self._record(notice, outcome)
        # What it says of us it would say at each of the others.
        self._is_refused = outcome.refuses_us

    def _record(self, notice: Notice, outcome: Outcome) -> None:
        with writing(self._workspace.engine) as connection:
            state = recording.record(
                connection, notice, outcome, self._workspace.patience, self._workspace.now()
            )
        self._note(notice, state, outcome)

    def _skip(self, notice: Notice, reason: NoticeSkip) -> None:
        with writing(self._workspace.engine) as connection:
            recording.skip(connection, notice, reason, self._workspace.now())
        self._note(notice, DeliveryState.SKIPPED)

    def _note(self, notice: Notice, state: DeliveryState, outcome: Outcome | None = None) -> None:
        code, enhanced = (outcome.code, outcome.enhanced) if outcome else (None, None)
        self._report.done.append(NoticeDone(notice.id, notice.kind, state, code, enhanced))
