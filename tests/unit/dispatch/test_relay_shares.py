"""Which of several relays the next message goes to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.relay import MaildirRelay, Security, SmtpRelay
from newsletter.dispatch.relay_shares import HELPED_AFTER, STALLED_AFTER, RelayShares
from newsletter.dispatch.relays import WeightedRelay

A, B, C = "a.example.org:25", "b.example.org:25", "c.example.org:25"
AT_ONCE = 4


def a_relay(name: str, weight: int, connections: int = AT_ONCE) -> WeightedRelay:
    relay = SmtpRelay(Security.PLAIN, name.partition(":")[0], 25)
    return WeightedRelay(relay, connections, weight)


def shares(**weights: int) -> RelayShares:
    return RelayShares(
        [a_relay(f"{name}.example.org:25", weight) for name, weight in weights.items()], now=0.0
    )


def taken_by(shares: RelayShares, relay: str, now: float, most: int = 1000) -> int:
    """How many messages the relay takes when it alone asks."""
    for number in range(most):
        if not shares.may_take(relay, now):
            return number
        shares.took(relay)
    return most


def test_a_relay_alone_takes_all() -> None:
    assert taken_by(shares(a=1), A, 0.0) == 1000


def test_a_folder_alone_takes_all() -> None:
    folder = RelayShares([WeightedRelay(MaildirRelay(Path("outbox")))], now=0.0)

    assert folder.may_take(None, 0.0)


def test_a_relay_gets_ahead_of_the_others_by_what_its_connections_hold() -> None:
    two = shares(a=1, b=1)

    assert taken_by(two, A, 0.0) == AT_ONCE

    assert taken_by(two, B, 0.0) == 2 * AT_ONCE
    assert taken_by(two, A, 0.0) == 2 * AT_ONCE


def test_a_heavier_relay_takes_more_for_each_message_of_a_lighter_one() -> None:
    two = shares(a=3, b=1)
    assert taken_by(two, A, 0.0) == AT_ONCE

    two.took(B)

    assert taken_by(two, A, 0.0) == 3


def test_a_message_that_was_given_back_is_not_counted() -> None:
    two = shares(a=1, b=1)
    taken_by(two, A, 0.0)

    two.gave_back(A)

    assert taken_by(two, A, 0.0) == 1


def test_nobody_waits_for_a_relay_that_has_stalled_and_it_makes_nothing_up_later() -> None:
    two = shares(a=1, b=1)
    taken_by(two, A, 0.0)

    later = STALLED_AFTER
    assert taken_by(two, A, later - 0.1) == 0
    assert taken_by(two, A, later) == 1000

    assert taken_by(two, B, later) == AT_ONCE


def test_a_relay_that_waits_for_its_turn_has_not_stalled() -> None:
    two = shares(a=1, b=1)
    taken_by(two, A, 0.0)
    for second in range(1, 20):
        assert not two.may_take(A, second)
        two.may_take(B, second)

    assert taken_by(two, B, 20.0) == 2 * AT_ONCE


def test_while_a_relay_is_down_the_others_take_all() -> None:
    two = shares(a=1, b=1)

    two.went_down(B)

    assert not two.may_take(B, 0.0)
    assert taken_by(two, A, 0.0) == 1000


def test_a_relay_that_came_up_again_takes_its_share_from_there_on() -> None:
    two = shares(a=1, b=1)
    two.went_down(B)
    taken_by(two, A, 0.0)

    two.came_up(B)

    assert taken_by(two, B, 1.0) == AT_ONCE
    assert taken_by(two, A, 1.0) == 2 * AT_ONCE


def test_nobody_waits_for_a_relay_that_its_rate_holds_back() -> None:
    two = shares(a=1, b=1)

    two.hold_back(B, until=1.0)

    assert not two.may_take(B, 0.9)
    assert taken_by(two, A, 0.9) == 1000
    assert taken_by(two, B, 1.0) == AT_ONCE


def test_one_of_weight_0_helps_out_only_when_all_others_are_down() -> None:
    three = shares(a=1, b=1, c=0)
    assert not three.may_take(C, 0.0)

    three.went_down(A)
    assert not three.may_take(C, 0.0)

    three.went_down(B)
    assert taken_by(three, C, 0.0) == 1000

    three.came_up(A)
    assert not three.may_take(C, 0.0)


def test_one_of_weight_0_stands_in_for_another_only_if_that_is_held_back_for_long() -> None:
    two = shares(a=1, c=0)

    two.hold_back(A, until=HELPED_AFTER)
    assert not two.may_take(C, 0.0)

    two.hold_back(A, until=HELPED_AFTER + 1)
    assert two.may_take(C, 0.0)
    assert not two.may_take(C, 1.0)


def test_all_of_weight_0_that_are_up_share_alike() -> None:
    three = shares(a=1, b=0, c=0)

    three.went_down(A)

    assert taken_by(three, B, 0.0) == AT_ONCE
    assert taken_by(three, C, 0.0) == 2 * AT_ONCE


weights = st.lists(
    st.tuples(st.integers(1, 20), st.integers(1, 10)).map(
        lambda drawn: {"weight": drawn[0], "connections": drawn[1]}
    ),
    min_size=2,
    max_size=5,
)


@given(weights, st.randoms(use_true_random=False))
def test_the_shares_hold_to_within_what_the_connections_hold(
    drawn: list[dict[str, int]], chance: Random
) -> None:
    """While all keep up: each asks again soon, in whatever order."""
    relays = [a_relay(f"r{number}.example.org:25", **one) for number, one in enumerate(drawn)]
    shares = RelayShares(relays, now=0.0)
    taken: Counter[str | None] = Counter()

    for _ in range(600):
        asking = chance.choice(relays).name
        if shares.may_take(asking, 0.0):
            shares.took(asking)
            taken[asking] += 1

    whole = sum(one.weight for one in relays)
    room = sum(one.connections for one in relays)
    for one in relays:
        assert abs(taken[one.name] - taken.total() * one.weight / whole) <= room


@dataclass(frozen=True)
class Event:
    """One thing that happens to a relay, some time after the one before."""

    what: str
    relay: int
    after: float


events = st.lists(
    st.builds(
        Event,
        st.sampled_from(["take", "take", "take", "down", "up", "hold", "back"]),
        st.integers(0, 2),
        st.sampled_from([0.0, 0.1, 1.0, 6.0]),
    ),
    max_size=60,
)


@given(st.lists(st.integers(0, 5), min_size=3, max_size=3), events)
def test_one_relay_may_always_take_while_any_is_up_and_none_is_held_back(
    drawn: list[int], happened: list[Event]
) -> None:
    relays = [a_relay(f"r{number}.example.org:25", weight) for number, weight in enumerate(drawn)]
    shares = RelayShares(relays, now=0.0)
    names = [one.name for one in relays]
    is_down = dict.fromkeys(names, False)
    now = 0.0

    for event in happened:
        now += event.after
        name = names[event.relay]
        _apply(event.what, shares, name, is_down, now)

    now += 100.0  # whatever was held back is free again
    able = [name for name in names if shares.may_take(name, now)]
    assert all(not is_down[name] for name in able)
    assert bool(able) == (not all(is_down.values()))


def _apply(
    what: str, shares: RelayShares, name: str | None, is_down: dict[str | None, bool], now: float
) -> None:
    if what == "take" and shares.may_take(name, now):
        shares.took(name)
    elif what == "down":
        shares.went_down(name)
        is_down[name] = True
    elif what == "up":
        shares.came_up(name)
        is_down[name] = False
    elif what == "hold":
        shares.hold_back(name, now + 2.0)
