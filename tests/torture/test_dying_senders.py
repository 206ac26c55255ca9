"""Senders that die at every step between journal, row, counter and ledger, at start, end and
replay. Nobody is skipped, nobody is mailed twice, and in doubt is nobody: between these steps no
message is on its way."""

from __future__ import annotations

import pytest

from tests.torture.edition_run import DUE, RUN, EditionRun, Ground, edition_run
from tests.torture.receiver import Phase
from tests.torture.saboteurs import Sabotage
from tests.torture.senders import KILLED
from tests.torture.workspaces import CONNECTIONS

CREATE = "newsletter.dispatch.journal:Journal.create"
REGISTER = "newsletter.dispatch.senders:register"
COUNT = "newsletter.storage.counter_file:CounterFile.write"
COUNT_SENDER = "newsletter.storage.live_copy:LiveCopy.count_sender"
TURN = "newsletter.dispatch.turns:LedgerDesk.take"
CLOSE = "newsletter.dispatch.senders:close"
REMOVE = "newsletter.dispatch.journal:Journal.remove"
RELEASE = "newsletter.dispatch.ledger:release"

LIFE = [
    pytest.param(Sabotage(CREATE), id="before its journal"),
    pytest.param(Sabotage(CREATE, after=True), id="between journal and row"),
    pytest.param(Sabotage(REGISTER), id="before its row"),
    pytest.param(Sabotage(REGISTER, after=True), id="before its row is committed"),
    pytest.param(Sabotage(COUNT_SENDER), id="between row and counter"),
    pytest.param(Sabotage(COUNT, after=True), id="between the two counters, at the start"),
    pytest.param(Sabotage(COUNT_SENDER, after=True), id="after the counters, at the start"),
    pytest.param(Sabotage(TURN), id="before the first claim"),
    pytest.param(Sabotage(TURN, number=2), id="before the second turn"),
    pytest.param(Sabotage(CLOSE), id="before its row is closed"),
    pytest.param(Sabotage(CLOSE, after=True), id="between closed row and counter"),
    pytest.param(Sabotage(COUNT, number=2, after=True), id="between the two counters, at the end"),
    pytest.param(
        Sabotage(COUNT_SENDER, number=2, after=True), id="between counter and journal's end"
    ),
    pytest.param(Sabotage(REMOVE), id="before its journal is deleted"),
    pytest.param(Sabotage(REMOVE, after=True), id="after its journal is deleted"),
]
REPLAY = [
    pytest.param(Sabotage(RELEASE), id="in the midst of the replay"),
    pytest.param(Sabotage(CLOSE), id="before the dead one's row is closed"),
    pytest.param(Sabotage(COUNT), id="before the counters"),
    pytest.param(Sabotage(COUNT, after=True), id="between the two counters"),
    pytest.param(Sabotage(COUNT_SENDER, after=True), id="before the dead one's journal is deleted"),
]


def kill_midway(edition: EditionRun) -> int:
    """Has a sender start and kills it after a part of the audience; gives how many are unknown
    for it, at most."""
    edition.receiver.trap(Phase.ANSWERED, edition.ground.audience.size // 3, lambda: sender.kill())
    (sender,) = edition.start(RUN)
    assert edition.end([sender]) == [KILLED]
    return edition.receiver.most_open


@pytest.mark.parametrize("sabotage", LIFE)
def test_a_sender_that_dies_between_two_steps_leaves_no_doubt(
    ground: Ground, sabotage: Sabotage
) -> None:
    with edition_run(ground, "edition") as edition:
        died = edition.do(*RUN, sabotage=sabotage)

        verdict = edition.finish()

    assert died.code == KILLED
    assert (verdict.missing, verdict.doubled, verdict.faults) == ((), (), ())
    # What is on its way when a turn is taken is in doubt, as after any kill.
    at_most = CONNECTIONS if sabotage.dies_at == TURN else 0
    assert verdict.received <= verdict.doubted <= at_most


@pytest.mark.parametrize("sabotage", REPLAY)
def test_a_replay_that_is_killed_is_done_again_and_doubts_nobody_else(
    ground: Ground, sabotage: Sabotage
) -> None:
    with edition_run(ground, "edition") as edition:
        at_most = kill_midway(edition)

        died = edition.do(*DUE, sabotage=sabotage)
        verdict = edition.finish()

    assert died.code == KILLED
    assert (verdict.missing, verdict.doubled, verdict.faults) == ((), (), ())
    assert verdict.received <= verdict.doubted <= at_most
