"""Plain lines of how sending goes: few, and enough to see whether it moves."""

from __future__ import annotations

import pytest

from newsletter.cli.sending_lines import EVERY, SendingLines
from newsletter.dispatch.watching import End
from newsletter.domain.deliveries import DeliveryState, Outcome
from tests.clocks import Seconds

ACCEPTED = Outcome(DeliveryState.ACCEPTED, 250, "2.0.0", "Ok: queued as 4F2")
FAILED = Outcome(DeliveryState.FAILED, 550, "5.1.1", "<tom@example.org>: no such user")


def test_a_line_is_said_at_the_beginning_every_ten_seconds_and_at_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = Seconds()
    lines = SendingLines(clock)

    lines.begins("2026-10", {DeliveryState.PENDING: 30})
    for number in range(20):
        clock.move(1)
        lines.attempted("2026-10", number, FAILED if number == 3 else ACCEPTED)
    lines.skipped("2026-10", 10)
    lines.ends("2026-10", End.DONE)

    out, err = capsys.readouterr()
    assert (out, err.splitlines()) == (
        "",
        [
            "2026-10: 30 to be sent",
            "2026-10: 10 of 30, 1.0/s, 20 s left; 9 accepted, 1 failed",
            "2026-10: 20 of 30, 1.0/s, 10 s left; 19 accepted, 1 failed",
            "2026-10: done for now; 19 accepted, 1 failed, 10 skipped, in 20 s",
        ],
    )


@pytest.mark.parametrize("end", End)
def test_the_last_line_says_why_it_ended(capsys: pytest.CaptureFixture[str], end: End) -> None:
    lines = SendingLines(Seconds())
    lines.begins("2026-10", {})
    capsys.readouterr()

    lines.ends("2026-10", end)

    said = capsys.readouterr().err
    assert said.startswith("2026-10: ")
    assert said.endswith("; nothing yet, in 0 s\n")


def test_no_line_has_an_address_or_a_servers_words_in_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = Seconds()
    lines = SendingLines(clock)

    lines.begins("2026-10", {DeliveryState.PENDING: 1})
    clock.move(EVERY)
    lines.attempted("2026-10", 1, FAILED)
    lines.ends("2026-10", End.RELAY_LOST)

    said = capsys.readouterr().err
    assert "@" not in said
    assert "no such user" not in said
