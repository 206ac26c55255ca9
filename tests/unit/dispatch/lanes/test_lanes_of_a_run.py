"""Whatever receivers answer, and in whatever order: what a run never does to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.lanes.lanes import Lanes
from newsletter.dispatch.lanes.limits import Limits, ReceiverLimit
from newsletter.dispatch.lanes.rates import LOWEST
from newsletter.domain.deliveries import DeliveryState, Outcome
from tests.answers import (
    ACCEPTED,
    CLOSING,
    LOST,
    NOT_SIGNED_IN,
    OURS,
    RELAY_CLOSING,
    RELAY_TOO_FAST,
    TOO_FAST,
    UNKNOWN_USER,
)

START = datetime(2026, 10, 5, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RELAY = "relay.example.org:25"
RECEIVERS = ("one.example", "two.example", "limited.example")
LIMITS = Limits(50.0, {RELAY: 20.0}, {"limited.example": ReceiverLimit(2, 0.5)})
ANSWERS = (
    *(ACCEPTED, OURS, OURS, OURS, CLOSING, TOO_FAST, LOST, UNKNOWN_USER),
    *(NOT_SIGNED_IN, RELAY_CLOSING, RELAY_TOO_FAST),
)

Step = Callable[["_Run"], None]


@dataclass
class _Run:
    """A run that does whatever its lanes allow, and a log of what receivers saw."""

    lanes: Lanes = field(default_factory=lambda: Lanes(LIMITS))
    now: datetime = START
    under_way: list[tuple[str, int]] = field(default_factory=list)
    begun: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    most_refused: int = 0
    closed_until: dict[str, datetime] = field(default_factory=dict)
    early: list[str] = field(default_factory=list)

    def may_begin(self, receiver: str, delivery_id: int) -> bool:
        """What a run asks before each message."""
        lanes = self.lanes
        return (
            lanes.relay_opens_at(RELAY, self.now) is None
            and lanes.relay_has_room(RELAY)
            and lanes.has_room(receiver)
            and lanes.opens_at(receiver, delivery_id, self.now) is None
        )

    def begin(self, receiver: str, delivery_id: int) -> None:
        """Begins one message if it may."""
        if not self.may_begin(receiver, delivery_id):
            return
        self.lanes.begins(receiver, RELAY, self.now)
        self.under_way.append((receiver, delivery_id))
        self.begun[receiver].append(self.now)
        for closed in (receiver, RELAY):
            if self.now < self.closed_until.get(closed, START):
                self.early.append(closed)

    def end(self, which: int, outcome: Outcome) -> None:
        """One of those under way is answered."""
        if not self.under_way:
            return
        receiver, delivery_id = self.under_way.pop(which % len(self.under_way))
        self.lanes.ends(receiver, RELAY, (delivery_id, 1), outcome, self.now)
        if outcome.state is DeliveryState.ACCEPTED:
            self.refused[receiver].clear()
        elif outcome in (OURS, NOT_SIGNED_IN):
            self.refused[receiver].add(delivery_id)
        elif outcome in (CLOSING, RELAY_CLOSING):
            closed, pause = (RELAY, 1) if outcome.refuses_us else (receiver, 5)
            self.closed_until[closed] = self.now + pause * MINUTE
        self.most_refused = max(self.most_refused, len(self.refused[receiver]))

    def lately(self, receiver: str, seconds: float) -> int:
        """How many began there in the last so many seconds."""
        since = self.now - timedelta(seconds=seconds)
        return sum(at > since for at in self.begun[receiver])


def _begins(receiver: str, first: int, number: int) -> Step:
    def step(run: _Run) -> None:
        for delivery_id in range(first, first + number):
            run.begin(receiver, delivery_id)

    return step


def _ends(which: int, outcome: Outcome) -> Step:
    return lambda run: run.end(which, outcome)


def _waits(seconds: float) -> Step:
    def step(run: _Run) -> None:
        run.now += timedelta(seconds=seconds)

    return step


STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.builds(_begins, st.sampled_from(RECEIVERS), st.integers(0, 20), st.integers(1, 6)),
        st.builds(_ends, st.integers(0, 9), st.sampled_from(ANSWERS)),
        st.builds(_waits, st.sampled_from([0.0, 0.05, 1.0, 20.0, 61.0, 301.0, 1801.0, 3600.0])),
    ),
    max_size=120,
)
"""Less than a day in all but the longest, after which those who were refused are given up on."""


def _run(steps: list[Step]) -> _Run:
    run = _Run()
    for step in steps:
        if run.now < START + timedelta(hours=24):
            step(run)
    return run


@given(STEPS)
def test_never_are_more_than_five_readers_refused_in_a_row(steps: list[Step]) -> None:
    """S4"""
    assert _run(steps).most_refused <= 5


@given(STEPS)
def test_nothing_begins_in_a_pause_that_was_asked_for(steps: list[Step]) -> None:
    assert _run(steps).early == []


@given(STEPS)
def test_everything_opens_again(steps: list[Step]) -> None:
    run = _run(steps)
    while run.under_way:
        run.end(0, LOST)

    run.now += timedelta(days=2)

    assert all(run.may_begin(receiver, 99) for receiver in RECEIVERS)


@given(STEPS, st.sampled_from(RECEIVERS))
def test_after_a_complaint_half_as_many_begin_in_a_minute_at_most(
    steps: list[Step], receiver: str
) -> None:
    """S13: of what began in the minute before, and one that may always be tried."""
    run = _run(steps)
    run.begin(receiver, 99)
    had = run.lately(receiver, 60)
    if (receiver, 99) not in run.under_way:
        return
    run.end(len(run.under_way) - 1, TOO_FAST)

    before = len(run.begun[receiver])
    for _ in range(59):
        run.now += timedelta(seconds=1)
        for delivery_id in range(100, 110):
            run.begin(receiver, delivery_id)
            run.end(len(run.under_way) - 1, LOST)

    assert len(run.begun[receiver]) - before <= max(had / 2, 60 * LOWEST)


@given(STEPS)
def test_no_rate_of_the_settings_is_passed(steps: list[Step]) -> None:
    run = _run(steps)
    limited = run.begun["limited.example"]

    everybody = sorted(at for times in run.begun.values() for at in times)
    for begun, rate, burst in ((limited, 0.5, 1), (everybody, 20.0, 20)):
        for first in range(len(begun)):
            for last in range(first, len(begun)):
                seconds = (begun[last] - begun[first]).total_seconds()
                assert last - first + 1 <= rate * seconds + burst + 0.001
