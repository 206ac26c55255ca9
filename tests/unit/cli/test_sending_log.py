"""The log of sending: one JSON object a line, with ids and codes, and nothing of a person."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from newsletter.cli.sending_log import EVERY, SendingLog
from newsletter.dispatch.watching import End
from newsletter.domain.deliveries import DeliveryState, Outcome
from tests.clocks import Seconds

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
ACCEPTED = Outcome(DeliveryState.ACCEPTED, 250, "2.0.0", "Ok: queued as 4F2")
FAILED = Outcome(DeliveryState.FAILED, 550, "5.1.1", "<tom@example.org>: no such user")


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    out, err = capsys.readouterr()
    assert not out
    return [json.loads(line) for line in err.splitlines()]


def test_each_line_says_when_what_and_of_which_edition(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = SendingLog(lambda: AT, Seconds())

    log.begins("2026-10", {DeliveryState.PENDING: 2, DeliveryState.ACCEPTED: 0})
    log.skipped("2026-10", 1)
    log.ends("2026-10", End.STOPPED)

    about = {"at": "2026-10-05T09:00:00+00:00", "edition": "2026-10"}
    assert _lines(capsys) == [
        about | {"event": "begins", "counts": {"pending": 2, "accepted": 0}},
        about | {"event": "skipped", "number": 1},
        about | {"event": "ends", "end": "stopped"},
    ]


def test_what_went_wrong_is_told_one_by_one_without_the_persons_address(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = SendingLog(lambda: AT, Seconds())

    log.attempted("2026-10", 17, FAILED)

    (line,) = _lines(capsys)
    assert {key: line[key] for key in ("delivery", "state", "code", "enhanced")} == {
        "delivery": 17,
        "state": "failed",
        "code": 550,
        "enhanced": "5.1.1",
    }
    assert not {"reply", "email"} & set(line)


def test_what_was_accepted_is_counted_every_ten_seconds_and_at_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = Seconds()
    log = SendingLog(lambda: AT, clock)

    log.begins("2026-10", {})
    for number in range(25):
        clock.move(EVERY / 10)
        log.attempted("2026-10", number, ACCEPTED)
    log.ends("2026-10", End.DONE)

    told = [line["number"] for line in _lines(capsys) if line["event"] == "accepted"]
    assert told == [10, 10, 5]
