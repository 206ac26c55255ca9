"""Twenty kills, by a plan; `make torture` does two hundred. The receiver's log is the judge."""

from __future__ import annotations

import random

from tests.torture.edition_run import Ground
from tests.torture.kill_loop import torment
from tests.torture.plan import MODES, plan
from tests.torture.receiver import Phase
from tests.torture.table import faults

KILLS = 20


def test_nobody_is_missing_or_mailed_twice_however_often_senders_are_killed(ground: Ground) -> None:
    seed = random.randrange(10**6)

    outcomes = [torment(ground, mode, kills) for mode, kills in plan(seed, KILLS).items()]

    assert faults(outcomes) == [], f"python -m tests.torture --kills {KILLS} --seed {seed}"
    assert sum(outcome.kills for outcome in outcomes) == KILLS


def test_the_same_seed_plans_the_same_kills() -> None:
    assert plan(7, KILLS) == plan(7, KILLS) != plan(8, KILLS)


def test_twenty_kills_are_shared_by_all_modes_and_come_to_every_phase() -> None:
    planned = plan(random.randrange(10**6), KILLS)

    assert [len(planned[mode]) for mode in MODES] == [5, 5, 5, 5]
    assert {kill.phase for kills in planned.values() for kill in kills} == {None, *Phase}
