"""One edition's run: connections and keeper together, with transports and a ledger that are told
what to do."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from newsletter.dispatch.claims import Claim, ClaimedBatch
from newsletter.dispatch.journal import Journal
from newsletter.dispatch.journal_records import read_journal
from newsletter.dispatch.journal_sync import no_sync
from newsletter.dispatch.keeper import Keeper
from newsletter.dispatch.lanes.lane import Lane, LaneKey
from newsletter.dispatch.lanes.lanes import Lanes
from newsletter.dispatch.lanes.limits import Limits
from newsletter.dispatch.relay import Security, SmtpRelay
from newsletter.dispatch.relay_shares import RelayShares
from newsletter.dispatch.relays import WeightedRelay
from newsletter.dispatch.sending import Means, Ran, Sending
from newsletter.dispatch.stopping import Stopping
from newsletter.dispatch.traffic import Traffic
from newsletter.dispatch.turn_taking import InThread
from newsletter.dispatch.turns import Answer, Turn
from newsletter.dispatch.watching import End, Unwatched
from newsletter.dispatch.writing import InPlace
from newsletter.domain.deliveries import DeliveryState, Envelope, Outcome, SkipReason
from newsletter.domain.errors import (
    BadAddress,
    BadInput,
    DatabaseBusy,
    RelayUnreachable,
    SurroundingsFailed,
)

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
ACCEPTED = Outcome(DeliveryState.ACCEPTED, 250, None, "kept")
REFUSED = Outcome(DeliveryState.FAILED, 550, "5.1.1", "nobody here")
OUR_FAULT = Outcome(DeliveryState.DEFERRED, 550, "5.7.515", "no DMARC record")
BUSY = Outcome(DeliveryState.DEFERRED, 421, "4.3.2", "come again later")
LOST = Outcome(DeliveryState.UNKNOWN, None, None, "lost")


@dataclass
class FakeLedger:
    """Deliveries 1 to `size`, pending, of which a turn gives `most` and skips those who `left`;
    `before_turn` may do or raise anything."""

    size: int
    most: int = 1000
    left: range = range(0)
    before_turn: Callable[[Turn], None] = lambda turn: None
    goes_on: bool = True
    receivers: Sequence[str] = ("example.org",)
    ids: list[int] = field(default_factory=list)
    states: dict[int, str] = field(default_factory=dict)
    lanes: dict[LaneKey, Lane] = field(default_factory=dict)
    turns: int = 0

    def __post_init__(self) -> None:
        self.ids = list(range(1, self.size + 1))
        self.states = dict.fromkeys(self.ids, "pending")

    def take(self, turn: Turn) -> Answer:
        """As LedgerDesk does it."""
        self.turns += 1
        self.before_turn(turn)
        for told in turn.told:
            self.states[told.delivery_id] = told.outcome.state.value
        for delivery_id, reason in turn.skipped.items():
            self.states[delivery_id] = f"skipped {reason}"
        for delivery_id in turn.given_back:
            self.states[delivery_id] = "pending"
        for delivery_id, its in turn.put_off.items():
            self.states[delivery_id] = f"put off: {its.why}"
        taken = self.ids[: min(turn.wants, self.most)] if self.goes_on else []
        del self.ids[: len(taken)]
        left = [one for one in taken if one in self.left]
        self.states |= dict.fromkeys(taken, "sending") | dict.fromkeys(left, "skipped unsubscribed")
        mailable = [one for one in taken if one not in self.left]
        claims = tuple(self._claim(one) for one in mailable)
        self.lanes |= {key: change.mine for key, change in turn.lanes.items()}
        return Answer(ClaimedBatch(claims, len(left)), self.goes_on, self.lanes)

    def _claim(self, number: int) -> Claim:
        receiver = self.receivers[number % len(self.receivers)]
        return Claim(number, number, f"r{number}@{receiver}", "", receiver, "en", 1)

    @property
    def counts(self) -> Counter[str]:
        return Counter(self.states.values())


@dataclass
class FakeTransport:
    """A connection that takes messages; what it is told to do instead, by recipient."""

    received: list[str]
    at_begin: dict[str, Outcome] = field(default_factory=dict)
    at_finish: dict[str, Outcome] = field(default_factory=dict)
    unreachable: Callable[[], bool] = lambda: False
    on_finish: Callable[[], None] = lambda: None
    name: str = "smtp"
    relay: str = "127.0.0.1:25"
    is_closed: bool = False
    _recipient: str = ""

    async def open(self) -> None:
        if self.unreachable():
            raise RelayUnreachable("the connection was refused")

    async def begin(self, envelope: Envelope, message: bytes) -> Outcome | None:
        await self.open()
        await asyncio.sleep(0)
        self._recipient = envelope.recipient
        return self.at_begin.get(envelope.recipient)

    async def finish(self) -> Outcome:
        self.on_finish()
        await asyncio.sleep(0)
        self.received.append(self._recipient)
        return self.at_finish.get(self._recipient, ACCEPTED)

    async def close(self) -> None:
        self.is_closed = True


class FakeMessages:
    """Messages of no content; addresses may be unwritable, values bad."""

    def write(self, claim: Claim, now: datetime) -> tuple[Envelope, bytes]:
        if claim.delivery_id == 13:
            raise BadAddress("an address that cannot be written")
        if claim.delivery_id == 14:
            raise BadInput("a name that no header may hold")
        return Envelope("bounces@example.org", claim.address, needs_smtputf8=False), b""


@dataclass
class FakeWishes:
    """What speaks against deliveries, by their ids."""

    against: dict[int, SkipReason] = field(default_factory=dict)

    def reason_against(self, claim: Claim) -> SkipReason | None:
        return self.against.get(claim.delivery_id)


@dataclass
class Run:
    """A run to set up and to look at afterwards."""

    ledger: FakeLedger
    journal: Journal
    received: list[str] = field(default_factory=list)
    transports: list[FakeTransport] = field(default_factory=list)
    wishes: FakeWishes = field(default_factory=FakeWishes)
    lanes: Lanes = field(default_factory=lambda: Lanes(Limits()))
    stopping: Stopping = field(default_factory=Stopping)
    repeats_unknown: bool = False

    def connections(self, number: int, **behaviour: object) -> Sequence[FakeTransport]:
        self.transports = [FakeTransport(self.received, **behaviour) for _ in range(number)]  # type: ignore[arg-type]
        return self.transports

    def go(self) -> Ran:
        if not self.transports:
            self.connections(4)
        return asyncio.run(self._go())

    async def _go(self) -> Ran:
        writing = InPlace(FakeMessages(), lambda: NOW)
        relays = [WeightedRelay(SmtpRelay(Security.PLAIN, "127.0.0.1", 25), len(self.transports))]
        self.traffic = Traffic(self.lanes, RelayShares(relays, 0), None, lambda: NOW)
        keeper = Keeper(
            InThread(self.ledger),
            self.journal,
            self.traffic,
            writing,
            connections=len(self.transports),
        )
        means = Means(
            writing,
            self.transports,
            self.journal,
            no_sync,
            self.repeats_unknown,
            lambda: NOW,
        )
        sending = Sending("2026-10", keeper, self.wishes, means, Unwatched(), reconnect_after=0)
        return await sending.run(self.stopping)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal.create(tmp_path, "this database", is_power_safe=False)
    yield journal
    journal.close()


@pytest.fixture
def run(journal: Journal) -> Run:
    return Run(FakeLedger(100), journal)


def test_everybody_gets_it_once_and_every_delivery_is_recorded(run: Run) -> None:
    """But for the one whose address, and the one whose name cannot be written (M12)."""
    ran = run.go()

    assert len(run.received) == len(set(run.received)) == 98
    assert ran.end is End.DONE
    assert run.ledger.counts == {"accepted": 98, "skipped address": 1, "failed": 1}
    assert ran.tally == {"accepted": 98, "skipped": 1, "failed": 1}
    assert run.journal.is_settled


def test_no_more_is_taken_on_than_connections_at_first_and_a_second_of_work_later(
    run: Run,
) -> None:
    """Design 5; at this pace a second's work is more than there is."""
    first = []

    def look(turn: Turn) -> None:
        if turn.wants and not first:
            first.append(turn.wants)

    run.ledger.before_turn = look

    run.go()

    assert first == [4 + 1]


def test_who_left_since_the_claim_is_not_mailed(run: Run) -> None:
    """A7"""
    run.wishes.against = {7: SkipReason.UNSUBSCRIBED, 8: SkipReason.SUPPRESSED}

    run.go()

    assert not {"r7@example.org", "r8@example.org"} & set(run.received)
    assert run.ledger.states[7] == "skipped unsubscribed"
    assert run.ledger.states[8] == "skipped suppressed"


def test_nobody_waits_while_those_are_passed_over_who_left_since_the_freeze(
    journal: Journal,
) -> None:
    """With a wait after each turn that only skips, this would take a minute."""
    run = Run(FakeLedger(500, left=range(1, 500)), journal)
    began = monotonic()

    ran = run.go()

    assert ran.tally == {"accepted": 1, "skipped": 499}
    assert monotonic() - began < 20


def test_what_is_refused_before_its_end_is_never_in_doubt(run: Run) -> None:
    run.connections(2, at_begin={"r3@example.org": REFUSED})

    run.go()

    assert run.ledger.states[3] == "failed"
    assert "r3@example.org" not in run.received


def test_the_journal_has_it_before_the_end_of_a_message_goes(run: Run) -> None:
    """Whatever instant the process is killed at: nobody has a message that the journal lacks."""
    unanswered = []

    def look() -> None:
        unanswered.append(len(read_journal(run.journal.file).unanswered))

    run.connections(1, on_finish=look)
    run.ledger = FakeLedger(5)

    run.go()

    assert unanswered == [1] * 5


@pytest.mark.parametrize(("repeats", "tally"), [(False, 1), (True, 0)])
def test_a_message_that_nobody_knows_of_is_unknown_and_is_repeated_only_where_that_is_set(
    run: Run, repeats: bool, tally: int
) -> None:
    """S8"""
    told = []
    run.repeats_unknown = repeats
    run.connections(2, at_finish={"r3@example.org": LOST})
    run.ledger.before_turn = lambda turn: told.extend(turn.told)

    ran = run.go()

    (lost,) = (one for one in told if one.outcome is LOST)
    assert lost.is_to_be_repeated is repeats
    assert ran.tally[DeliveryState.UNKNOWN] == tally


def test_being_asked_to_stop_finishes_what_is_in_flight_and_gives_the_rest_back(run: Run) -> None:
    """S14"""

    def ask() -> None:
        if len(run.received) >= 20:
            run.stopping.ask()

    run.connections(4, on_finish=ask)

    ran = run.go()

    assert ran.end is End.STOPPED
    assert 20 <= len(run.received) <= 30
    assert run.ledger.counts["accepted"] == len(run.received)
    assert run.ledger.counts["sending"] == 0


def test_an_edition_that_is_paused_stops_in_the_same_way(run: Run) -> None:
    def pause(turn: Turn) -> None:
        run.ledger.goes_on = len(run.received) < 20

    run.ledger.before_turn = pause
    run.ledger.most = 10

    ran = run.go()

    assert ran.end is End.INTERRUPTED
    assert run.ledger.counts["sending"] == 0
    assert run.ledger.counts["accepted"] == len(run.received) < 98


def test_a_relay_that_takes_fewer_connections_is_used_with_those_it_takes(run: Run) -> None:
    run.connections(2)[1].unreachable = lambda: True

    ran = run.go()

    assert ran.end is End.DONE
    assert len(run.received) == 98


def test_a_relay_that_goes_away_leaves_the_rest_pending(run: Run) -> None:
    run.connections(3, unreachable=lambda: len(run.received) >= 20)

    with pytest.raises(RelayUnreachable):
        run.go()

    assert run.ledger.counts["sending"] == 0
    assert run.ledger.counts["accepted"] == len(run.received)
    assert run.journal.is_settled


def test_an_error_of_one_connection_lets_the_others_finish_what_they_have(run: Run) -> None:
    """As when a file of certificates has become unreadable: nobody is in doubt for it."""

    class Faulty(FakeTransport):
        async def open(self) -> None:
            if len(self.received) >= 20:
                raise BadInput("no certificates can be read")

    sound = run.connections(3)
    run.transports = [*sound, Faulty(run.received)]

    with pytest.raises(BadInput, match="no certificates"):
        run.go()

    assert len(run.received) >= 20
    assert run.ledger.counts["sending"] == 0
    assert run.ledger.counts["accepted"] == len(run.received)
    assert run.journal.is_settled


def test_a_run_that_is_broken_off_takes_nothing_on_behind_anybodys_back(run: Run) -> None:
    """Ctrl-C twice: what was in flight is in the journal, the rest is given back."""
    run.connections(4)
    run.ledger.most = 10

    async def scene() -> None:
        going = asyncio.create_task(run._go())
        while len(run.received) < 20:
            await asyncio.sleep(0)
        going.cancel()
        with suppress(asyncio.CancelledError):
            await going
        turns = run.ledger.turns
        await asyncio.sleep(0.02)
        assert run.ledger.turns == turns

    asyncio.run(scene())

    unanswered = read_journal(run.journal.file).unanswered
    still_sending = {one for one, state in run.ledger.states.items() if state == "sending"}
    assert {delivery_id for delivery_id, _ in unanswered} <= still_sending
    assert len(still_sending) <= len(run.transports)


def test_who_leaves_while_a_connection_is_being_made_is_not_mailed(run: Run) -> None:
    """A7: a greeting alone may take minutes (S6)."""

    class Slow(FakeTransport):
        async def open(self) -> None:
            run.wishes.against = {1: SkipReason.UNSUBSCRIBED}

    run.transports = [Slow(run.received)]
    run.ledger = FakeLedger(1)

    run.go()

    assert run.received == []


def test_what_is_stopped_while_a_connection_is_being_made_is_not_sent(run: Run) -> None:
    class Slow(FakeTransport):
        async def open(self) -> None:
            run.stopping.ask()
            await asyncio.sleep(0.01)

    run.transports = [Slow(run.received)]

    ran = run.go()

    assert (ran.end, run.received) == (End.STOPPED, [])
    assert run.ledger.counts["pending"] == 100


def test_what_somebody_else_has_decided_about_ends_the_run(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_ours(claim: Claim) -> SkipReason | None:
        if claim.delivery_id >= 20:
            raise SurroundingsFailed("somebody else has decided")
        return None

    monkeypatch.setattr(run.wishes, "reason_against", not_ours)

    with pytest.raises(SurroundingsFailed, match="somebody else"):
        run.go()

    assert not {f"r{number}@example.org" for number in range(20, 101)} & set(run.received)


def test_a_busy_database_is_waited_for_while_messages_go_on(run: Run) -> None:
    turns = iter([False, True, True, True])

    def be_busy(turn: Turn) -> None:
        if next(turns, False):
            raise DatabaseBusy("busy")

    run.ledger.before_turn = be_busy

    run.go()

    assert run.ledger.counts["accepted"] == 98


def test_a_database_that_takes_nothing_more_stops_the_run_and_loses_no_answer(run: Run) -> None:
    """Disk full: what the server answered is in the journal."""

    def fail(turn: Turn) -> None:
        if turn.told:
            raise SurroundingsFailed("the disk is full")

    run.ledger.before_turn = fail

    with pytest.raises(SurroundingsFailed, match="the disk is full"):
        run.go()

    content = read_journal(run.journal.file)
    known = {f"r{delivery_id}@example.org" for delivery_id, _ in content.outcomes}
    assert set(run.received) <= known
    assert not run.journal.is_settled


def test_a_journal_that_cannot_be_written_stops_the_run_before_the_message_has_its_end(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    transports = run.connections(1)
    begun = run.journal.begun

    def full(attempt: tuple[int, int]) -> None:
        if len(run.received) == 5:
            raise SurroundingsFailed("the disk is full")
        begun(attempt)

    monkeypatch.setattr(run.journal, "begun", full)

    with pytest.raises(SurroundingsFailed, match="the disk is full"):
        run.go()

    assert len(run.received) == 5
    assert run.ledger.counts["accepted"] == 5
    assert run.ledger.counts["deferred"] == 1  # nobody has it, and that is certain
    assert run.ledger.counts["sending"] == 0
    assert transports[0].is_closed


def test_a_fault_of_the_program_ends_the_run_and_keeps_nobody_waiting(run: Run) -> None:
    def fail(turn: Turn) -> None:
        if turn.told:
            raise ZeroDivisionError

    run.ledger.before_turn = fail

    with pytest.raises(ZeroDivisionError):
        run.go()


def test_a_run_with_nothing_due_ends_at_once(journal: Journal) -> None:
    run = Run(FakeLedger(0), journal)

    assert run.go() == Ran(Counter(), End.DONE)


def test_a_receiver_that_refuses_us_is_asked_for_five_readers_at_most_and_the_others_go(
    journal: Journal,
) -> None:
    """S4: it is a fault of ours, and no reader's."""
    run = Run(FakeLedger(60, receivers=("fine.example", "strict.example")), journal)
    strict = {f"r{one}@strict.example": OUR_FAULT for one in range(1, 61)}
    run.connections(10, at_begin=strict)

    ran = run.go()

    counts = run.ledger.counts
    assert ran.end is End.DONE
    assert counts["accepted"] == 29  # one of the names cannot be written
    assert 3 <= counts["deferred"] <= 5
    (words,) = (state for state in counts if state.startswith("put off"))
    assert "strict.example refused us (550 5.7.515)" in words
    assert counts["deferred"] + counts[words] >= 29


def test_a_fault_of_ours_at_all_receivers_ends_the_run_for_a_person_to_look(
    journal: Journal,
) -> None:
    run = Run(FakeLedger(60, receivers=[f"r{one}.example" for one in range(30)]), journal)
    refused = {f"r{one}@r{one % 30}.example": OUR_FAULT for one in range(1, 61)}
    run.connections(10, at_begin=refused)

    ran = run.go()

    assert ran.end is End.HELD
    assert run.ledger.counts["deferred"] <= 5 + 1
    assert run.ledger.counts["pending"] >= 50
    assert run.traffic.hold is not None
    assert run.traffic.hold.detail.startswith("550 5.7.515")


def test_a_receiver_that_closes_is_left_alone_and_the_rest_of_its_readers_are_put_off(
    journal: Journal,
) -> None:
    run = Run(FakeLedger(60, receivers=("fine.example", "busy.example")), journal)
    busy = {f"r{one}@busy.example": BUSY for one in range(1, 61)}
    run.connections(10, at_begin=busy)

    run.go()

    assert run.ledger.counts["accepted"] == 29
    assert run.ledger.counts["deferred"] <= 5
    assert sum(state.startswith("put off") for state in run.ledger.states.values()) >= 24
