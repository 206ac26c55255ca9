"""A disk that fills up, a database that is locked: what is known is kept in the journal, and goes
on from there."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from functools import partial

import pytest

from newsletter.app import workspace as app_workspace
from newsletter.dispatch import journal
from newsletter.storage.engine import open_engine
from tests.torture.edition_run import DUE, RUN, Ground, edition_run
from tests.torture.in_this_process import send_again, send_due
from tests.torture.judge import Verdict
from tests.torture.locked_database import lock_for
from tests.torture.receiver import Phase
from tests.torture.saboteurs import Sabotage
from tests.workspaces import Clock

BUSY = 0.1
LOCKED = 1.0
"""Seconds that a transaction waits for another, and that another takes: much longer."""


def assert_nobody_is_in_doubt(verdict: Verdict, ground: Ground) -> None:
    assert verdict == Verdict(people=ground.audience.size)


# From "not even a journal" to "all sent, and not all recorded", or even that on a fast machine.
@pytest.mark.parametrize("kilobytes", [4, 40, 70, 100, 140])
def test_a_disk_that_fills_up_at_whatever_moment_loses_and_doubles_nothing(
    ground: Ground, kilobytes: int
) -> None:
    sabotage = Sabotage(file_cap=kilobytes * 1024, journal_reserve=8192)
    with edition_run(ground, "edition") as edition:
        starved = edition.do(*RUN, sabotage=sabotage)
        received = len(edition.receiver.log.entries())
        verdict = edition.finish()

    assert starved.code == 3 or kilobytes >= 100, starved.said
    assert (received > 0) == (kilobytes > 40)
    assert_nobody_is_in_doubt(verdict, ground)


def test_a_journal_that_cannot_be_written_any_more_stops_the_run_and_doubts_nobody(
    ground: Ground, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with edition_run(ground, "edition") as edition:
        with monkeypatch.context() as disk:
            disk.setattr(journal, "_RESERVE", 8192)
            disk.setattr(os, "posix_fallocate", _full_after(1))
            report = send_due(edition, clock)
        received = len(edition.receiver.log.entries())
        send_again(edition, clock)
        verdict = edition.verdict()

    assert report.exit_code == 3
    assert 0 < received < ground.audience.size
    assert_nobody_is_in_doubt(verdict, ground)


def _full_after(times: int) -> Callable[[int, int, int], None]:
    """An allocation that succeeds so many times."""
    left = iter(range(times))

    def allocate(_descriptor: int, _start: int, _length: int) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return allocate


def test_a_database_that_is_locked_for_longer_than_anybody_waits_is_waited_for(
    ground: Ground, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_workspace, "open_engine", partial(open_engine, busy_timeout=BUSY))
    with edition_run(ground, "edition") as edition:
        edition.receiver.trap(
            Phase.ANSWERED,
            ground.audience.size // 4,
            lambda: lock_for(edition.database, LOCKED),
        )
        report = send_due(edition, clock)
        verdict = edition.verdict()

    assert report.exit_code == 0
    assert_nobody_is_in_doubt(verdict, ground)


def test_crons_that_start_at_the_same_minute_send_it_once(ground: Ground) -> None:
    """S10."""
    with edition_run(ground, "edition") as edition:
        codes = edition.end(edition.start(DUE, DUE, DUE))
        verdict = edition.verdict()

    assert codes == [0, 0, 0]
    assert_nobody_is_in_doubt(verdict, ground)
