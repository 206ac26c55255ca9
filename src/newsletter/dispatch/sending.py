"""Sending one edition: claim a few, hand each over, record what became of them, go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import Engine

from newsletter.dispatch import ledger
from newsletter.dispatch.claims import Claim
from newsletter.dispatch.ledger import Patience
from newsletter.dispatch.ports import Transport
from newsletter.domain.deliveries import DeliveryState, Envelope, Outcome, SkipReason
from newsletter.domain.errors import BadAddress, BadInput, DatabaseBusy
from newsletter.storage.engine import writing

CLAIM_SIZE = 10
"""Deliveries claimed at a time: what a crash can leave in doubt, about a second of work."""

_FAILED = DeliveryState.FAILED
_CUT_OFF = "Sending was stopped while the server was being spoken to."


class Messages(Protocol):
    """Where the bytes of a delivery come from."""

    def write(self, claim: Claim, now: datetime) -> tuple[Envelope, bytes]:
        """The envelope and message; raises BadAddress when the address cannot be written, BadInput
        when another value of the reader's cannot (M12)."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One edition's run: whose deliveries, by what way, with how much patience."""

    engine: Engine
    edition_id: int
    messages: Messages
    transport: Transport
    patience: Patience
    now: Callable[[], datetime]
    progress: Callable[[int], None] = field(default=lambda done: None)

    async def run(self) -> Counter[DeliveryState]:
        """Sends all that is due and gives what it came to, by state.

        Raises RelayUnreachable when the relay goes away; what was not attempted is pending again.
        """
        began = self.now()
        with writing(self.engine) as connection:
            lost = ledger.recover_lost(connection, self.edition_id, began)
            expired = ledger.expire_deferred(connection, self.edition_id, self.patience, began)
        tally = Counter({DeliveryState.UNKNOWN: lost, DeliveryState.FAILED: expired})
        while True:
            with writing(self.engine) as connection:
                # What is due is what was due at the beginning: no delivery is tried twice in one
                # run, however short the settings make the wait.
                batch = ledger.claim(
                    connection, self.edition_id, began, CLAIM_SIZE, self.transport.name
                )
            if batch.is_empty:
                return tally
            tally[DeliveryState.SKIPPED] += batch.skipped
            tally += await self._attempt(batch.claims)
            self.progress(batch.skipped + len(batch.claims))

    async def _attempt(self, claims: tuple[Claim, ...]) -> Counter[DeliveryState]:
        outcomes: list[tuple[Claim, Outcome]] = []
        unwritable: list[Claim] = []
        at_relay: Claim | None = None
        try:
            for claimed in claims:
                try:
                    envelope, message = self.messages.write(claimed, self.now())
                except BadAddress:
                    unwritable.append(claimed)
                    continue
                except BadInput as error:  # one reader's value that no header may hold (M12)
                    outcomes.append((claimed, Outcome(_FAILED, None, None, error.what)))
                    continue
                await self.transport.open()  # raises before anything of this delivery has begun
                at_relay = claimed
                outcomes.append((claimed, await self.transport.send(envelope, message)))
                at_relay = None
        finally:
            # Also when the relay went away or the process is being stopped: whatever happened is
            # recorded, and what never began is given back.
            if at_relay is not None:
                outcomes.append((at_relay, Outcome(DeliveryState.UNKNOWN, None, None, _CUT_OFF)))
            self._record(claims, outcomes, unwritable)
        tally = Counter(outcome.state for _, outcome in outcomes)
        tally[DeliveryState.SKIPPED] += len(unwritable)
        return tally

    def _record(
        self,
        claims: tuple[Claim, ...],
        outcomes: list[tuple[Claim, Outcome]],
        unwritable: list[Claim],
    ) -> None:
        while True:
            try:
                self._write_record(claims, outcomes, unwritable)
            except DatabaseBusy:
                # What the server answered is known here and nowhere else: giving up would make
                # accepted mail unknown. Each try has waited its full time already.
                continue
            return

    def _write_record(
        self,
        claims: tuple[Claim, ...],
        outcomes: list[tuple[Claim, Outcome]],
        unwritable: list[Claim],
    ) -> None:
        done = {claimed.delivery_id for claimed, _ in outcomes}
        done |= {claimed.delivery_id for claimed in unwritable}
        now = self.now()
        with writing(self.engine) as connection:
            ledger.record(connection, outcomes, patience=self.patience, now=now)
            for claimed in unwritable:
                ledger.skip(connection, claimed, SkipReason.ADDRESS, now)
            untouched = [claimed for claimed in claims if claimed.delivery_id not in done]
            ledger.release(connection, untouched, now)
