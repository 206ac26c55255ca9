"""What two processes know of one lane becomes one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.lanes.lane import OPEN, Lane, LaneKey
from newsletter.dispatch.lanes.lanes import Lanes
from newsletter.dispatch.lanes.limits import Limits
from newsletter.dispatch.lanes.merging import merged
from newsletter.dispatch.lanes.rates import paying
from newsletter.domain.lanes import LaneKind
from tests.answers import ACCEPTED

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
RELAY = "relay.example.org:25"
KEY = LaneKey(LaneKind.RELAY, RELAY)

SLOW = Lane(rate=1.0, full_rate=8.0, rate_changed_at=NOW)
SLOWER = Lane(rate=0.5, full_rate=8.0, rate_changed_at=NOW)
CLOSED = Lane(closed_until=NOW + MINUTE, closed_for=60, code="421", refused=(1, 2))
CLOSED_FOR_LONGER = Lane(closed_until=NOW + 2 * MINUTE, closed_for=120, refused=(2, 3))


@pytest.mark.parametrize("changed", [SLOW, CLOSED])
def test_what_one_of_them_alone_has_changed_stands(changed: Lane) -> None:
    assert merged(OPEN, changed, OPEN) == changed
    assert merged(OPEN, OPEN, changed) == changed
    assert merged(changed, OPEN, changed) == OPEN
    assert merged(changed, changed, OPEN) == OPEN


@pytest.mark.parametrize(("mine", "theirs"), [(SLOW, SLOWER), (SLOWER, SLOW)])
def test_the_lower_rate_stands_when_both_have_changed_it(mine: Lane, theirs: Lane) -> None:
    assert merged(OPEN, mine, theirs) == SLOWER


@pytest.mark.parametrize(
    ("mine", "theirs"), [(CLOSED, CLOSED_FOR_LONGER), (CLOSED_FOR_LONGER, CLOSED)]
)
def test_the_later_opening_stands_and_all_who_were_refused(mine: Lane, theirs: Lane) -> None:
    lane = merged(OPEN, mine, theirs)

    assert lane.closed_until == NOW + 2 * MINUTE
    assert lane.closed_for == 120
    assert lane.code == "421"
    assert set(lane.refused) == {1, 2, 3}


def test_what_both_have_used_up_of_a_rate_is_added() -> None:
    base = paying(OPEN, 0.1, NOW)

    lane = merged(base, paying(base, 0.1, NOW), paying(base, 0.1, NOW))

    assert lane.next_at == NOW + 30 * SECOND


def test_time_in_which_nobody_sent_is_not_added() -> None:
    base, later = paying(OPEN, 0.1, NOW), NOW + 60 * MINUTE

    lane = merged(base, paying(base, 0.1, later), paying(base, 0.1, later))

    assert lane.next_at == later + 20 * SECOND


def test_what_was_used_up_long_ago_elsewhere_says_nothing_of_now() -> None:
    later = NOW + 60 * MINUTE

    lane = merged(OPEN, paying(OPEN, 0.1, later), paying(OPEN, 0.1, NOW))

    assert lane.next_at == later + 10 * SECOND


class _Shared:
    """A database that two runs share, and nothing of it but what is merged."""

    def __init__(self) -> None:
        self.known: dict[LaneKey, Lane] = {}

    def exchange(self, lanes: Lanes, now: datetime, *, is_lost: bool = False) -> None:
        """Tells what is new and learns what is known; the transaction may fail."""
        news = lanes.news(now)
        if is_lost:
            return
        for key, change in news.items():
            lane = merged(change.base, change.mine, self.known.get(key, OPEN))
            self.known[key] = replace(lane, paid=0.0)  # which no database keeps
        lanes.learn(self.known)


@given(
    st.sampled_from([0.5, 2.0, 20.0]),
    st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40),
)
def test_two_runs_keep_the_rate_of_a_relay_together(
    rate: float, steps: list[tuple[bool, bool]]
) -> None:
    """Each of them sends all it may, and they exchange what they know now and then."""
    shared, runs = _Shared(), [Lanes(Limits(relays={RELAY: rate})) for _ in range(2)]
    every, now, begun = SECOND / 2, NOW, 0

    for exchanges in steps:
        for lanes, does_exchange in zip(runs, exchanges, strict=True):
            while lanes.relay_opens_at(RELAY, now) is None:
                lanes.begins("one.example", RELAY, now)
                lanes.ends("one.example", RELAY, (1, 1), ACCEPTED, now)
                begun += 1
            shared.exchange(lanes, now, is_lost=not does_exchange)
        now += every
        if all(exchanges):
            shared.exchange(runs[0], now)

    silent = _longest_silence(steps) * every.total_seconds()
    seconds = (now - NOW).total_seconds()
    assert begun <= rate * (seconds + silent) + 2 * max(1.0, rate) + 2


def _longest_silence(steps: list[tuple[bool, bool]]) -> int:
    """Steps for which the two did not know of each other."""
    longest = current = 1
    for exchanges in steps:
        current = 1 if all(exchanges) else current + 1
        longest = max(longest, current)
    return longest


def test_what_was_told_before_is_not_added_again() -> None:
    shared, later = _Shared(), NOW + 10 * SECOND
    one, other = (Lanes(Limits(relays={RELAY: 0.1})) for _ in range(2))
    one.begins("one.example", RELAY, NOW)
    for lanes in (one, other):
        shared.exchange(lanes, NOW)

    for lanes in (one, other):
        lanes.begins("one.example", RELAY, later)
    for lanes in (other, one):
        shared.exchange(lanes, later)

    assert one.relay_opens_at(RELAY, later) == later + 20 * SECOND


def test_what_changes_while_the_database_is_asked_is_kept() -> None:
    shared, lanes = _Shared(), Lanes(Limits())
    lanes.turned_away(RELAY, "421 4.3.2", NOW)
    for key, change in lanes.news(NOW).items():
        shared.known[key] = change.mine

    lanes.turned_away(RELAY, "421 4.3.2", NOW + MINUTE)
    lanes.learn(shared.known)

    assert lanes.relay_opens_at(RELAY, NOW + MINUTE) == NOW + 6 * MINUTE
    assert list(lanes.news(NOW + MINUTE)) == [KEY]


def test_what_another_run_has_opened_is_open_here() -> None:
    shared, lanes, other = _Shared(), Lanes(Limits()), Lanes(Limits())
    lanes.turned_away(RELAY, "421 4.3.2", NOW)
    shared.exchange(lanes, NOW)
    shared.exchange(other, NOW)
    opened = NOW + 5 * MINUTE
    assert lanes.relay_has_room(RELAY)

    other.begins("one.example", RELAY, opened)
    other.ends("one.example", RELAY, (1, 1), ACCEPTED, opened)
    shared.exchange(other, opened)
    shared.exchange(lanes, opened)
    lanes.begins("one.example", RELAY, opened)

    assert lanes.relay_has_room(RELAY)


def test_what_a_lost_transaction_told_is_told_again() -> None:
    lanes = Lanes(Limits())
    lanes.turned_away(RELAY, "421 4.3.2", NOW)

    assert lanes.news(NOW) == lanes.news(NOW) != {}


def test_what_the_database_knows_is_not_told_again() -> None:
    shared, lanes = _Shared(), Lanes(Limits())
    lanes.turned_away(RELAY, "421 4.3.2", NOW)

    shared.exchange(lanes, NOW)

    assert lanes.news(NOW) == {}


def test_a_rate_that_was_not_used_for_a_while_is_told_to_be_forgotten() -> None:
    shared, lanes = _Shared(), Lanes(Limits(relays={RELAY: 1.0}))
    lanes.begins("one.example", RELAY, NOW)
    shared.exchange(lanes, NOW)

    (change,) = lanes.news(NOW + MINUTE).values()

    assert change.mine == OPEN
