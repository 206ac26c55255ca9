"""What the answer to one message means for those that come after it."""

from __future__ import annotations

from datetime import datetime, timedelta

from newsletter.dispatch.journal_records import Attempt
from newsletter.dispatch.lanes import closing
from newsletter.dispatch.lanes.book import LaneBook
from newsletter.dispatch.lanes.closing import ASKED, CROWDED, Pause
from newsletter.dispatch.lanes.our_faults import OurFaults
from newsletter.domain.deliveries import DeliveryState, Outcome
from newsletter.domain.receiver_signals import Signal, signal_of

_CROWD = timedelta(minutes=1)
"""421 from two receivers within so long is the relay's: it is what they have in common."""

_A_RELAY_HAD = 2.0
"""Messages in a second: what a relay that closes in the first moments of a run has had by then says
nothing of what it takes, and all mail of the next hours waits for it."""


class LaneAnswers:
    """The answers of one run, and what they change in its lanes."""

    def __init__(self, book: LaneBook, *, has_accepted: bool) -> None:
        self._book = book
        self._closing: dict[str, tuple[str, datetime]] = {}  # by relay: who said 421 last, and when
        self.faults = OurFaults(has_accepted=has_accepted)

    def told(
        self, receiver: str, relay: str | None, attempt: Attempt, outcome: Outcome, now: datetime
    ) -> None:
        """An attempt came to this."""
        if outcome.state is DeliveryState.ACCEPTED:
            self._accepted(receiver, relay, now)
            return
        signal, code = signal_of(outcome), code_of(outcome)
        if signal is Signal.REFUSES_US:
            self._refused(receiver, attempt, code, now)
            return
        self.faults.answered()
        if outcome.refuses_us and relay is not None:  # before the relay had heard of any receiver
            self._told_by_relay(relay, signal, code, now)
        else:
            self._told_by_receiver(receiver, relay, signal, code, now)

    def turned_away(self, relay: str, code: str, now: datetime) -> None:
        """The relay said 421 while we were connecting. If nothing went there lately, it was not the
        rate that was too much."""
        if self._book.relays.went_lately(relay, now):
            self._close_relay(relay, ASKED, code, now)
        else:
            self._book.relays.close(relay, ASKED, code, now)

    def _accepted(self, receiver: str, relay: str | None, now: datetime) -> None:
        self.faults.accepted()
        if self._book.receivers.knows(receiver):
            self._book.receivers.change(receiver, lambda lane: closing.accepted(lane, now))
        if relay is not None and self._book.relays.knows(relay):
            self._book.relays.change(relay, lambda lane: closing.accepted(lane, now))

    def _refused(self, receiver: str, attempt: Attempt, code: str, now: datetime) -> None:
        delivery_id, number = attempt
        self.faults.refused(delivery_id, receiver, code, is_first=number == 1)
        self._book.receivers.change(
            receiver, lambda lane: closing.refused(lane, delivery_id, code, now)
        )

    def _told_by_relay(self, relay: str, signal: Signal, code: str, now: datetime) -> None:
        if signal is Signal.SLOWER:
            self._book.relays.halve(relay, now)
        if signal is Signal.CLOSES:
            self._close_relay(relay, CROWDED, code, now)

    def _told_by_receiver(
        self, receiver: str, relay: str | None, signal: Signal, code: str, now: datetime
    ) -> None:
        if signal is not Signal.NONE:
            self._book.receivers.halve(receiver, now)
        if signal is Signal.CLOSES:
            self._book.receivers.close(receiver, ASKED, code, now)
            self._blame(relay, receiver, code, now)

    def _blame(self, relay: str | None, receiver: str, code: str, now: datetime) -> None:
        if relay is None:
            return
        before = self._closing.get(relay)
        self._closing[relay] = (receiver, now)
        if before is not None and before[0] != receiver and now - before[1] <= _CROWD:
            self._close_relay(relay, CROWDED, code, now)

    def _close_relay(self, relay: str, pause: Pause, code: str, now: datetime) -> None:
        self._book.relays.halve(relay, now, at_least=_A_RELAY_HAD)
        self._book.relays.close(relay, pause, code, now)


def code_of(outcome: Outcome) -> str:
    """The codes of an answer, `550 5.7.515`; the basic one alone when there is no other."""
    return " ".join(filter(None, (str(outcome.code), outcome.enhanced)))
