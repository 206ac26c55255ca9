"""What is remembered of lanes from one run to the next, and shared by those at the same time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, func, select

from newsletter.dispatch.lanes.lane import Lane
from newsletter.dispatch.lanes.lanes import Lanes
from newsletter.dispatch.lanes.limits import Limits, ReceiverLimit
from newsletter.dispatch.lanes.store import LaneNow, exchange, forget_personal, lanes_now, reopen
from newsletter.domain.deliveries import Outcome
from newsletter.domain.lanes import LaneKind
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import lanes as lane_rows
from tests.answers import ACCEPTED, CLOSING, OURS, TOO_FAST
from tests.sending_rows import add_bulletin, add_reader

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HERE, THERE = "one.example", "two.example"
RELAY = "relay.example.org:25"


def _exchange(engine: Engine, lanes: Lanes, now: datetime = NOW) -> None:
    """As a sender does it in its turn."""
    news = lanes.news(now)
    with writing(engine) as connection:
        stored = exchange(connection, news, now)
    lanes.learn(stored)


def _next_run(engine: Engine, now: datetime, limits: Limits | None = None) -> Lanes:
    lanes = Lanes(limits or Limits())
    _exchange(engine, lanes, now)
    return lanes


def _answer(
    lanes: Lanes,
    outcome: Outcome,
    receiver: str = HERE,
    *,
    ids: Iterable[int] = (1,),
    at: datetime = NOW,
) -> None:
    for number in ids:
        lanes.begins(receiver, RELAY, at)
        lanes.ends(receiver, RELAY, (number, 1), outcome, at)


def _number_of_rows(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(lane_rows)).scalar_one()


def _lanes_now(engine: Engine, now: datetime = NOW) -> list[LaneNow]:
    with reading(engine) as connection:
        return lanes_now(connection, now)


def test_the_next_run_knows_what_the_one_before_has_learned(migrated_engine: Engine) -> None:
    lanes = Lanes(Limits())
    _answer(lanes, ACCEPTED, ids=range(120), at=NOW - 2 * MINUTE)
    _answer(lanes, OURS, ids=[1, 2, 3])
    _answer(lanes, TOO_FAST, THERE)

    _exchange(migrated_engine, lanes)
    later = _next_run(migrated_engine, NOW)

    assert later.opens_at(HERE, 1, NOW) == NOW + 30 * MINUTE
    assert later.opens_at(HERE, 4, NOW) == NOW + 31 * MINUTE
    assert later.opens_at(THERE, 1, NOW) == NOW + MINUTE
    assert later.why(HERE, NOW) == lanes.why(HERE, NOW)


def test_a_rate_is_kept_from_one_run_to_the_next(migrated_engine: Engine) -> None:
    limits = Limits(1 / 3600, {RELAY: 1 / 1800}, {HERE: ReceiverLimit(rate=1 / 7200)})
    lanes = Lanes(limits)
    lanes.begins(HERE, RELAY, NOW)

    _exchange(migrated_engine, lanes)
    later = _next_run(migrated_engine, NOW + MINUTE, limits)

    assert later.opens_at(HERE, 2, NOW + MINUTE) == NOW + 120 * MINUTE
    assert later.relay_opens_at(RELAY, NOW + MINUTE) == NOW + 60 * MINUTE


def test_if_all_rows_are_lost_sending_goes_on_at_the_rates_of_the_settings(
    migrated_engine: Engine,
) -> None:
    """With a burst of a second's worth at most; what was asked for is learned anew."""
    limits = Limits(receivers={HERE: ReceiverLimit(rate=3.0)})
    lanes = Lanes(limits)
    _answer(lanes, TOO_FAST, HERE)
    _answer(lanes, CLOSING, THERE)
    _exchange(migrated_engine, lanes)
    with writing(migrated_engine) as connection:
        connection.execute(delete(lane_rows))

    later, begun = _next_run(migrated_engine, NOW, limits), 0
    while later.opens_at(HERE, 1, NOW) is None:
        later.begins(HERE, RELAY, NOW)
        begun += 1

    assert begun == 3
    assert later.opens_at(THERE, 1, NOW) is None
    _answer(later, CLOSING, THERE)
    assert later.opens_at(THERE, 1, NOW) == NOW + 5 * MINUTE


def test_a_run_whose_rows_are_lost_forgets_them_too_and_goes_on(migrated_engine: Engine) -> None:
    lanes = Lanes(Limits())
    _answer(lanes, CLOSING)
    _exchange(migrated_engine, lanes)
    with writing(migrated_engine) as connection:
        connection.execute(delete(lane_rows))

    _exchange(migrated_engine, lanes)

    assert lanes.opens_at(HERE, 1, NOW) is None


def test_two_runs_share_the_rate_of_a_relay(migrated_engine: Engine) -> None:
    limits = Limits(relays={RELAY: 0.1})
    one, other = Lanes(limits), Lanes(limits)
    one.begins(HERE, RELAY, NOW)
    other.begins(THERE, RELAY, NOW)

    for lanes in (one, other, one):
        _exchange(migrated_engine, lanes)

    both = NOW + timedelta(seconds=20)
    assert one.relay_opens_at(RELAY, NOW) == other.relay_opens_at(RELAY, NOW) == both


def test_what_one_run_is_told_the_other_knows(migrated_engine: Engine) -> None:
    one, other = Lanes(Limits()), Lanes(Limits())
    _answer(one, OURS, ids=[1, 2])
    _answer(other, OURS, ids=[2, 3])

    for lanes in (one, other, one):
        _exchange(migrated_engine, lanes)
    _answer(one, OURS, ids=[4])

    assert one.opens_at(HERE, 3, NOW) == NOW + 30 * MINUTE


def test_a_transaction_that_was_lost_loses_nothing(migrated_engine: Engine) -> None:
    lanes = Lanes(Limits())
    _answer(lanes, CLOSING)
    with migrated_engine.connect() as connection:
        exchange(connection, lanes.news(NOW), NOW)
        connection.rollback()

    _exchange(migrated_engine, lanes)

    assert [(lane.name, lane.code) for lane in _lanes_now(migrated_engine)] == [(HERE, "421 4.7.0")]


def test_a_lane_of_which_there_is_nothing_to_remember_has_no_row(migrated_engine: Engine) -> None:
    lanes = Lanes(Limits(receivers={HERE: ReceiverLimit(rate=1.0)}))
    _answer(lanes, ACCEPTED)
    _answer(lanes, OURS, THERE, ids=[1, 2])
    _exchange(migrated_engine, lanes)
    assert _number_of_rows(migrated_engine) == 2

    _answer(lanes, ACCEPTED, THERE)
    _exchange(migrated_engine, lanes, NOW + MINUTE)

    assert _number_of_rows(migrated_engine) == 0


def test_a_lane_that_has_not_changed_for_thirty_days_is_forgotten(migrated_engine: Engine) -> None:
    lanes = Lanes(Limits())
    _answer(lanes, OURS, ids=[1, 2, 3])
    _exchange(migrated_engine, lanes)

    assert _next_run(migrated_engine, NOW + timedelta(days=29)).why(HERE, NOW) == lanes.why(
        HERE, NOW
    )
    _next_run(migrated_engine, NOW + timedelta(days=30))

    assert _number_of_rows(migrated_engine) == 0


def test_when_a_fault_of_ours_is_mended_its_lanes_open_and_no_others(
    migrated_engine: Engine,
) -> None:
    lanes = Lanes(Limits())
    _answer(lanes, OURS, ids=[1, 2, 3])
    _answer(lanes, CLOSING, THERE)
    _exchange(migrated_engine, lanes)

    with writing(migrated_engine) as connection:
        opened = reopen(connection, NOW)
    _exchange(migrated_engine, lanes)

    assert opened == 1
    assert lanes.opens_at(HERE, 9, NOW) is None
    assert lanes.has_room(HERE)
    assert lanes.opens_at(THERE, 9, NOW) == NOW + 5 * MINUTE


def test_a_person_sees_what_is_slow_or_closed_and_by_which_code(migrated_engine: Engine) -> None:
    lanes = Lanes(Limits(relays={RELAY: 2.0}))
    _answer(lanes, OURS, ids=[1, 2, 3])
    _answer(lanes, OURS, "three.example", ids=[9])
    _answer(lanes, TOO_FAST, THERE)
    lanes.turned_away(RELAY, "421 4.3.2", NOW)

    _exchange(migrated_engine, lanes)

    assert _lanes_now(migrated_engine) == [
        LaneNow(LaneKind.RECEIVER, HERE, None, NOW + 30 * MINUTE, "550 5.7.515"),
        LaneNow(LaneKind.RECEIVER, THERE, 1 / 60, None, None),
        LaneNow(LaneKind.RELAY, RELAY, 1.0, NOW + 5 * MINUTE, "421 4.3.2"),
    ]


def test_every_part_of_a_lane_is_kept_whole(migrated_engine: Engine) -> None:
    lane = Lane(1 / 3, 2 / 3, NOW, NOW + MINUTE / 7, NOW + MINUTE, 300, "421 4.7.28", (1, 2**31))
    lanes = Lanes(Limits())
    lanes.learn({})
    _answer(lanes, TOO_FAST)
    (key, change), *_ = lanes.news(NOW).items()
    told = {key: type(change)(change.base, lane)}

    with writing(migrated_engine) as connection:
        exchange(connection, told, NOW)
        stored = exchange(connection, {}, NOW)

    assert stored == {key: lane}


def test_a_receiver_of_whom_nobody_is_left_is_forgotten_and_no_other(
    migrated_engine: Engine,
) -> None:
    """Such a domain may name who was erased (L4)."""
    lanes = Lanes(Limits())
    for receiver in ("example.org", "a-reader.example"):
        _answer(lanes, OURS, receiver, ids=[1, 2, 3])
    _exchange(migrated_engine, lanes)

    with writing(migrated_engine) as connection:
        add_bulletin(connection, NOW)
        add_reader(connection, NOW, 1)
        for receiver in ("example.org", "a-reader.example"):
            forget_personal(connection, receiver)

    assert [lane.name for lane in _lanes_now(migrated_engine)] == ["example.org"]
