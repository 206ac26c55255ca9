"""The bar at a terminal."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from newsletter.cli.sending_bar import SendingBar
from newsletter.dispatch.watching import End
from newsletter.domain.deliveries import DeliveryState, Outcome
from tests.clocks import Seconds

_CONTROL = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]")
ACCEPTED = Outcome(DeliveryState.ACCEPTED, 250, None, "Ok")
DEFERRED = Outcome(DeliveryState.DEFERRED, 451, "4.7.1", "<tom@example.org>: greylisted")


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def console(screen: io.StringIO) -> Console:
    return Console(file=screen, force_terminal=True, width=120, color_system=None)


def _drawn(screen: io.StringIO) -> list[str]:
    """The lines that were drawn, one drawing after the other, without what moves the cursor."""
    text = _CONTROL.sub("", screen.getvalue().replace("\r", "\n"))
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def test_the_bar_shows_how_far_how_fast_and_what_came_of_the_messages(
    screen: io.StringIO, console: Console
) -> None:
    clock = Seconds()

    with SendingBar(console, clock) as bar:
        bar.begins("2026-10", {DeliveryState.PENDING: 100})
        for number in range(40):
            clock.move(0.125)
            bar.attempted("2026-10", number, DEFERRED if number < 2 else ACCEPTED)

    shown = _drawn(screen)[-1]
    assert "2026-10" in shown
    assert "40/100 8.0/s, 8 s left; 38 accepted, 2 deferred" in shown
    assert "@" not in screen.getvalue()


def test_a_bar_that_is_over_says_how_long_it_took(screen: io.StringIO, console: Console) -> None:
    clock = Seconds()

    with SendingBar(console, clock) as bar:
        bar.begins("2026-10", {DeliveryState.PENDING: 3})
        bar.attempted("2026-10", 1, ACCEPTED)
        bar.skipped("2026-10", 2)
        clock.move(12)
        bar.ends("2026-10", End.DONE)

    assert "3/3 in 12 s; 1 accepted, 2 skipped" in _drawn(screen)[-1]


def test_each_edition_has_a_bar_of_its_own(screen: io.StringIO, console: Console) -> None:
    with SendingBar(console, Seconds()) as bar:
        for slug in ("2026-10", "2026-11"):
            bar.begins(slug, {DeliveryState.PENDING: 1})
            bar.attempted(slug, 1, ACCEPTED)
            bar.ends(slug, End.DONE)

    first, second = _drawn(screen)[-2:]
    assert ("2026-10" in first, "2026-11" in second) == (True, True)
    assert first.count("1/1") == second.count("1/1") == 1


def test_nothing_is_drawn_when_there_is_nothing_to_send(
    screen: io.StringIO, console: Console
) -> None:
    with SendingBar(console, Seconds()):
        pass

    assert not screen.getvalue()
