"""SIGTERM, Ctrl-C and a lost terminal ask for a stop; a second Ctrl-C does not ask."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from newsletter.cli.stopping_signals import catch_signals

ASKING = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]


@pytest.fixture(autouse=True)
def _hangup_as_usual() -> Iterator[None]:
    """However these tests were started."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def _send(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", ASKING)
def test_the_first_signal_asks_for_a_stop_and_breaks_nothing_off(number: signal.Signals) -> None:
    with catch_signals() as stopping:
        assert not stopping.is_asked

        _send(number)

        assert stopping.is_asked


def test_a_second_ctrl_c_ends_at_once() -> None:
    with catch_signals() as stopping:
        _send(signal.SIGINT)

        with pytest.raises(KeyboardInterrupt):
            _send(signal.SIGINT)

    assert stopping.is_asked


def test_a_second_sigterm_is_as_patient_as_the_first() -> None:
    with catch_signals() as stopping:
        _send(signal.SIGTERM)
        _send(signal.SIGTERM)

    assert stopping.is_asked


def test_whoever_was_started_to_outlive_its_terminal_does() -> None:
    """As by `nohup`."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with catch_signals() as stopping:
        _send(signal.SIGHUP)

    assert not stopping.is_asked


def test_afterwards_signals_do_what_they_did_before() -> None:
    before = [signal.getsignal(number) for number in ASKING]

    with catch_signals():
        _send(signal.SIGINT)

    assert [signal.getsignal(number) for number in ASKING] == before
