"""What may begin, and what answers mean for those that come after them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.dispatch.lanes.lanes import Lanes
from newsletter.dispatch.lanes.limits import Limits, ReceiverLimit
from newsletter.domain.deliveries import Outcome
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

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HERE, THERE, ELSEWHERE = "one.example", "two.example", "three.example"
RELAY = "relay.example.org:25"
OTHER_RELAY = "spare.example.org:25"


def _answer(
    lanes: Lanes,
    outcome: Outcome,
    receiver: str = HERE,
    *,
    ids: Iterable[int] = (1,),
    at: datetime = NOW,
    relay: str | None = RELAY,
) -> None:
    """One message after the other, each answered so."""
    for number in ids:
        lanes.begins(receiver, relay, at)
        lanes.ends(receiver, relay, (number, 1), outcome, at)


def _begin(lanes: Lanes, receiver: str, number: int, at: datetime = NOW) -> None:
    for _ in range(number):
        lanes.begins(receiver, RELAY, at)


def test_a_receiver_of_which_nothing_is_known_takes_what_comes() -> None:
    lanes = Lanes(Limits())

    assert lanes.opens_at(HERE, 1, NOW) is None
    assert lanes.relay_opens_at(RELAY, NOW) is None
    assert lanes.relay_opens_at(None, NOW) is None
    assert lanes.has_room(HERE)
    assert lanes.relay_has_room(RELAY)
    assert lanes.fault is None


# How many at once.


def test_until_something_is_accepted_five_are_under_way_altogether() -> None:
    """S4"""
    lanes = Lanes(Limits())

    _begin(lanes, HERE, 3)
    assert lanes.has_room(THERE)
    _begin(lanes, THERE, 2)
    assert not lanes.has_room(ELSEWHERE)
    lanes.ends(HERE, RELAY, (1, 1), ACCEPTED, NOW)
    _begin(lanes, THERE, 1)

    assert lanes.has_room(ELSEWHERE)


@pytest.mark.parametrize(("connections", "most"), [(None, 5), (2, 2), (5, 5), (9, 5)])
def test_no_more_are_under_way_to_a_receiver_than_it_takes(
    connections: int | None, most: int
) -> None:
    limits = {} if connections is None else {HERE: ReceiverLimit(connections)}
    lanes = Lanes(Limits(receivers=limits))
    _answer(lanes, ACCEPTED)

    _begin(lanes, HERE, most - 1)
    assert lanes.has_room(HERE)
    _begin(lanes, HERE, 1)

    assert not lanes.has_room(HERE)
    assert lanes.has_room(THERE)


def test_for_each_reader_refused_one_less_is_under_way() -> None:
    """So that no more than five are refused in all (S4)."""
    lanes = Lanes(Limits())
    _answer(lanes, ACCEPTED)
    _answer(lanes, OURS, ids=[1, 2])

    _begin(lanes, HERE, 2)
    assert lanes.has_room(HERE)
    _begin(lanes, HERE, 1)

    assert not lanes.has_room(HERE)


def test_what_was_not_tried_makes_room_again() -> None:
    lanes = Lanes(Limits(relays={RELAY: 0.1}))
    _begin(lanes, HERE, 5)

    lanes.abandons(HERE, RELAY, NOW)

    assert lanes.has_room(HERE)


def test_a_message_that_was_not_tried_uses_up_no_rate() -> None:
    limits = Limits(0.1, {RELAY: 0.1}, {HERE: ReceiverLimit(rate=0.1)})
    lanes = Lanes(limits)

    lanes.begins(HERE, RELAY, NOW)
    lanes.abandons(HERE, RELAY, NOW)

    assert lanes.opens_at(HERE, 1, NOW) is None
    assert lanes.relay_opens_at(RELAY, NOW) is None


# How fast.


def test_each_rate_of_the_settings_is_kept() -> None:
    lanes = Lanes(Limits(1 / 10, {RELAY: 1 / 20}, {HERE: ReceiverLimit(rate=1 / 30)}))

    lanes.begins(HERE, RELAY, NOW)

    assert lanes.opens_at(HERE, 2, NOW) == NOW + timedelta(seconds=30)
    assert lanes.opens_at(THERE, 2, NOW) is None
    assert lanes.relay_opens_at(RELAY, NOW) == NOW + timedelta(seconds=20)
    assert lanes.relay_opens_at(OTHER_RELAY, NOW) == NOW + timedelta(seconds=10)
    assert lanes.relay_opens_at(None, NOW) == NOW + timedelta(seconds=10)


def test_whoever_finds_us_too_fast_gets_half_of_what_the_last_minute_had() -> None:
    lanes = Lanes(Limits())
    _answer(lanes, ACCEPTED, ids=range(50), at=NOW - 2 * MINUTE)
    _answer(lanes, ACCEPTED, ids=range(11), at=NOW - timedelta(seconds=10))

    _answer(lanes, TOO_FAST)

    # 12 in the last minute, this one with them: 6 in a minute from now on.
    assert lanes.opens_at(HERE, 2, NOW) == NOW + timedelta(seconds=10)
    assert lanes.opens_at(THERE, 2, NOW) is None
    assert lanes.relay_opens_at(RELAY, NOW) is None


def test_a_complaint_of_the_relay_slows_down_the_relay_alone() -> None:
    lanes = Lanes(Limits())

    _answer(lanes, RELAY_TOO_FAST)

    assert lanes.opens_at(HERE, 2, NOW) is None
    assert lanes.relay_opens_at(RELAY, NOW) == NOW + MINUTE
    assert lanes.relay_opens_at(OTHER_RELAY, NOW) is None


# What closes.


def test_421_closes_the_receiver_and_slows_it_down_and_nobody_else() -> None:
    lanes = Lanes(Limits())
    _answer(lanes, ACCEPTED, ids=range(119))

    _answer(lanes, CLOSING)

    assert lanes.opens_at(HERE, 2, NOW) == NOW + 5 * MINUTE
    assert lanes.opens_at(THERE, 2, NOW) is None
    assert lanes.relay_opens_at(RELAY, NOW) is None
    _answer(lanes, ACCEPTED, at=NOW + 5 * MINUTE)
    assert lanes.opens_at(HERE, 2, NOW + 5 * MINUTE) == NOW + 5 * MINUTE + timedelta(seconds=1)


def test_421_at_mail_or_while_connecting_closes_the_relay() -> None:
    lanes = Lanes(Limits())

    _answer(lanes, RELAY_CLOSING)
    lanes.turned_away(OTHER_RELAY, "421 4.3.2", NOW)

    assert lanes.opens_at(HERE, 2, NOW) is None
    assert lanes.relay_opens_at(RELAY, NOW) == NOW + MINUTE
    assert lanes.relay_opens_at(OTHER_RELAY, NOW) == NOW + 5 * MINUTE


def test_a_relay_that_closes_at_once_takes_one_in_a_second_afterwards() -> None:
    """What it had had by then says nothing of what it takes."""
    lanes, opened = Lanes(Limits()), NOW + MINUTE
    _answer(lanes, RELAY_CLOSING)

    lanes.begins(HERE, RELAY, opened)

    assert lanes.relay_opens_at(RELAY, opened) == opened + SECOND


@pytest.mark.parametrize(("before", "opens"), [(59, NOW + 5 * MINUTE + SECOND), (60, None)])
def test_a_relay_that_turns_us_away_is_slowed_down_if_something_went_there_lately(
    before: float, opens: datetime | None
) -> None:
    lanes, opened = Lanes(Limits()), NOW + 5 * MINUTE
    _answer(lanes, ACCEPTED, at=NOW - before * SECOND)
    lanes.turned_away(RELAY, "421 4.3.2", NOW)

    _answer(lanes, ACCEPTED, at=opened)

    assert lanes.relay_opens_at(RELAY, opened) == opens


def test_421_from_two_receivers_within_a_minute_closes_the_relay_for_one() -> None:
    lanes = Lanes(Limits())

    _answer(lanes, CLOSING, HERE)
    assert lanes.relay_opens_at(RELAY, NOW) is None
    _answer(lanes, CLOSING, THERE, at=NOW + MINUTE)

    assert lanes.relay_opens_at(RELAY, NOW + MINUTE) == NOW + 2 * MINUTE


@pytest.mark.parametrize(
    ("receiver", "relay", "later"),
    [(HERE, RELAY, 0.5), (THERE, OTHER_RELAY, 0.5), (THERE, RELAY, 1.1), (THERE, None, 0.5)],
)
def test_the_same_receiver_another_relay_or_a_while_later_do_not_blame_the_relay(
    receiver: str, relay: str | None, later: float
) -> None:
    lanes, then = Lanes(Limits()), NOW + later * MINUTE
    _answer(lanes, CLOSING, HERE)

    _answer(lanes, CLOSING, receiver, at=then, relay=relay)

    assert lanes.relay_opens_at(RELAY, then) is None


def test_a_relay_that_was_closed_is_tried_with_one_message() -> None:
    lanes = Lanes(Limits())
    _answer(lanes, RELAY_CLOSING)
    opened = NOW + 5 * MINUTE
    assert lanes.relay_opens_at(RELAY, opened) is None

    assert lanes.relay_has_room(RELAY)
    lanes.begins(HERE, RELAY, opened)
    assert not lanes.relay_has_room(RELAY)
    lanes.ends(HERE, RELAY, (1, 1), ACCEPTED, opened)
    lanes.begins(HERE, RELAY, opened)

    assert lanes.relay_has_room(RELAY)


def test_a_trial_at_a_receiver_keeps_the_others_off() -> None:
    lanes = Lanes(Limits())
    _answer(lanes, OURS, ids=[1, 2, 3])
    opened = NOW + 30 * MINUTE

    lanes.begins(HERE, RELAY, opened)

    assert not lanes.has_room(HERE)
    assert lanes.opens_at(HERE, 2, opened) == opened + 2 * MINUTE
    lanes.ends(HERE, RELAY, (1, 1), ACCEPTED, opened)
    assert lanes.opens_at(HERE, 2, opened) is None
    assert lanes.has_room(HERE)


@pytest.mark.parametrize("outcome", [UNKNOWN_USER, LOST])
def test_what_says_nothing_of_us_changes_nothing(outcome: Outcome) -> None:
    lanes = Lanes(Limits())

    _answer(lanes, outcome, ids=range(20))

    assert lanes.news(NOW) == {}
    assert lanes.fault is None


# Faults of ours.


def test_five_readers_of_two_receivers_refused_with_one_code_end_the_run() -> None:
    """S4"""
    lanes = Lanes(Limits())
    _answer(lanes, ACCEPTED, ELSEWHERE, ids=range(100, 120))

    _answer(lanes, OURS, HERE, ids=[1, 2, 3])
    _answer(lanes, OURS, THERE, ids=[4])
    assert lanes.fault is None
    _answer(lanes, OURS, THERE, ids=[5])

    assert lanes.fault is not None
    assert (lanes.fault.code, lanes.fault.receivers) == ("550 5.7.515", (HERE, THERE))


def test_a_relay_that_wants_a_sign_in_ends_the_run() -> None:
    lanes = Lanes(Limits())

    _answer(lanes, NOT_SIGNED_IN, ids=range(5))

    assert lanes.fault is not None
    assert lanes.fault.code == "530 5.7.0"


# Those that wait.


def test_those_who_were_refused_are_put_off_until_it_opens_and_others_a_minute_longer() -> None:
    lanes = Lanes(Limits())
    _answer(lanes, OURS, ids=[1, 2, 3])

    assert lanes.puts_off_until(HERE, 1, NOW) == NOW + 30 * MINUTE
    assert lanes.puts_off_until(HERE, 9, NOW) == NOW + 31 * MINUTE


def test_who_waits_for_those_who_were_refused_looks_again_in_ten_minutes() -> None:
    lanes = Lanes(Limits())
    _answer(lanes, OURS, ids=[1, 2, 3, 4, 5])
    opened = NOW + 40 * MINUTE

    assert lanes.puts_off_until(HERE, 9, NOW) == NOW + 31 * MINUTE
    assert lanes.puts_off_until(HERE, 9, opened) == opened + 10 * MINUTE


def test_those_who_wait_for_a_rate_are_put_off_one_after_the_other() -> None:
    lanes = Lanes(Limits(receivers={HERE: ReceiverLimit(rate=100 / 3600)}))
    lanes.begins(HERE, RELAY, NOW)

    moments = [lanes.puts_off_until(HERE, number, NOW) for number in range(4)]

    assert moments == [NOW + timedelta(seconds=36 * number) for number in (1, 2, 3, 4)]


def test_who_is_in_nobodys_way_looks_again_in_a_minute() -> None:
    assert Lanes(Limits()).puts_off_until(HERE, 1, NOW) == NOW + MINUTE


def test_the_reason_is_told_in_our_own_words() -> None:
    lanes = Lanes(Limits())
    _answer(lanes, OURS, ids=[1, 2, 3])

    assert lanes.why(HERE, NOW) == (
        "Not tried yet: one.example refused us (550 5.7.515) for 3 readers in a row; it is asked"
        " again on 2026-10-05 at 09:30 UTC."
    )
