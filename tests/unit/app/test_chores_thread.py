"""The chores in the background: at once when somebody asks, seldom when they fail, never half."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Queue

import pytest

from newsletter.app.chores import ChoresReport
from newsletter.app.chores_thread import ChoresThread
from newsletter.app.notices.reports import NoticeReport
from newsletter.dispatch.stopping import Stopping
from newsletter.domain.errors import RelayUnreachable

PATIENCE = 10
"""Seconds after which a round that does not come is a failed test."""


@dataclass
class Rounds:
    """Chores that note each round, and come to what they are told to."""

    report: ChoresReport = field(default_factory=ChoresReport)
    begun: Queue[Stopping] = field(default_factory=Queue)

    def __call__(self, stopping: Stopping) -> ChoresReport:
        self.begun.put(stopping)
        return self.report

    def next(self) -> Stopping:
        return self.begun.get(timeout=PATIENCE)


@contextmanager
def running(rounds: Rounds, every: float) -> Iterator[ChoresThread]:
    thread = ChoresThread(rounds, every=every)
    thread.start()
    try:
        yield thread
    finally:
        thread.stop()


def test_the_first_round_comes_at_once_and_another_when_it_is_woken() -> None:
    rounds = Rounds()
    with running(rounds, every=3600) as thread:
        rounds.next()
        thread.wake()
        rounds.next()


def test_rounds_come_by_themselves() -> None:
    rounds = Rounds()
    with running(rounds, every=0.001):
        for _ in range(3):
            rounds.next()


def test_stopping_asks_the_round_under_way_and_waits_for_its_end() -> None:
    rounds = Rounds()
    with running(rounds, every=3600) as thread:
        stopping = rounds.next()
        thread.stop()

        assert stopping.is_asked
        assert rounds.begun.empty()


def test_what_is_wrong_is_logged_once_and_what_is_done_each_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    lost = RelayUnreachable("the connection was refused", where="127.0.0.1:25")
    late = NoticeReport(expired=1)
    rounds = Rounds(ChoresReport({"requests": 2}, late, faults=[("notices", lost)]))
    with (
        caplog.at_level(logging.INFO, "newsletter.app.chores_thread"),
        running(rounds, every=0.001),
    ):
        for _ in range(3):
            rounds.next()

    said = [record.getMessage() for record in caplog.records]
    assert said.count("notices: 127.0.0.1:25: the connection was refused") == 1
    assert said.count("done: requests: 2, notices skipped: 1") >= 2
