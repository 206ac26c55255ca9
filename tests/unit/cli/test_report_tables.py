"""A postmaster's report on a terminal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.app.postmaster_report import PostmasterReport
from newsletter.app.report_json import report_json
from newsletter.cli.report_tables import print_report
from newsletter.dispatch.lanes.store import LaneNow
from newsletter.domain.bounces import Verdict
from newsletter.domain.deliveries import DeliveryState as State
from newsletter.domain.editions import EditionState
from newsletter.domain.lanes import LaneKind
from newsletter.domain.stored_editions import StoredEdition
from newsletter.reporting.answers import CodeFigures
from newsletter.reporting.attempts import RelayFigures, Waits
from newsletter.reporting.figures import Figures
from newsletter.reporting.rates import concerns
from newsletter.reporting.receiver_lines import receiver_lines
from newsletter.reporting.split import Split

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
EDITION = StoredEdition(
    id=1,
    public_id=1,
    slug="2026-10",
    topic="bulletin",
    state=EditionState.SENDING,
    held_reason=None,
    held_from=None,
    revision=1,
    source_file="",
    source_digest="",
    scheduled_at=None,
    scheduled_zone=None,
    released_at=None,
    attempted_at=AT,
    published_at=AT,
)


def figures(accepted: int, *, failed: int = 0, pending: int = 0, complaints: int = 0) -> Figures:
    counts = {State.ACCEPTED: accepted, State.FAILED: failed, State.PENDING: pending}
    last = AT if accepted else None
    return Figures(defaultdict(int, counts), failed, complaints, last)


def a_report() -> PostmasterReport:
    """Of one big receiver with two complaints, one that is not named, and ten who wait."""
    receivers = {"big.example": figures(1_990, failed=10, complaints=2), "d.example": figures(3)}
    split = Split(
        receivers, figures(0, pending=10), Figures(), Figures(), at_once=1_990, answers=[]
    )
    lines, others = receiver_lines(receivers, receivers, 1)
    return PostmasterReport(
        edition=EDITION,
        at=AT,
        split=split,
        receivers=lines,
        others=others,
        recent=split.standing.total,
        codes=[CodeFigures(State.FAILED, 550, "5.1.1", Verdict.HARD, 10, {"big.example"}, 7)],
        words={},
        relays=[
            RelayFigures("relay.example:25", "smtp", number=2_040, first=2_003, accepted=1_993)
        ],
        waits=Waits(median=0, p95=1_800),
        lanes=[],
        concerns=concerns(split.standing, split.standing),
    )


def shown(report: PostmasterReport, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines of the report, with one space wherever there are more."""
    print_report(report, "Europe/London")
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_receivers_add_up_and_columns_of_nothing_are_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = shown(a_report(), capsys)

    assert lines[0] == "2026-10: sending at 2026-10-05 10:00"
    assert lines[2:7] == [
        "RECEIVER READERS ACCEPTED % FAILED WAITING LAST ACCEPTED",
        "big.example 2000 1990 99.5 10 0 2026-10-05 10:00",
        "(1 other) 3 3 100.0 0 0 2026-10-05 10:00",
        "(not tried yet) 10 0 0.0 0 10 -",
        "all 2013 1993 99.0 10 10 2026-10-05 10:00",
    ]


def test_answers_and_relays_are_tables_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(a_report(), capsys)

    assert "550 5.1.1 failed hard 10 1" in lines
    assert "relay.example:25 2040 2003 37 1993" in lines
    assert "Accepted: half of them at the first attempt, 95 in 100 within 30 min of it." in lines


def test_an_example_of_the_words_stands_beside_its_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = shown(replace(a_report(), words={7: "No such user"}), capsys)

    assert "550 5.1.1 failed hard 10 1 No such user" in lines


def test_a_rate_that_is_too_high_is_marked_and_told_with_its_cure_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = shown(a_report(), capsys)

    assert "big.example 10 (0.50 %) 10 (0.50 %) 2 (0.10 % warn) 2 (0.10 % warn)" in lines
    assert [line.partition(":")[0] for line in lines[-3:-1]] == ["All receivers", "big.example"]
    assert lines[-1].startswith("Mail only those who asked for it")


def test_what_is_closed_or_slowed_down_is_told_until_when(
    capsys: pytest.CaptureFixture[str],
) -> None:
    soon, just_now = AT + timedelta(minutes=30), AT - timedelta(minutes=1)
    lanes = [
        LaneNow(LaneKind.RECEIVER, "big.example", 0.5, soon, "550 5.7.1"),
        LaneNow(LaneKind.RECEIVER, "d.example", None, just_now, "421"),
        LaneNow(LaneKind.RELAY, "relay.example:25", 2.0, None, None),
    ]

    lines = shown(replace(a_report(), lanes=lanes), capsys)

    assert "receiver big.example 30 a minute 2026-10-05 10:30 550 5.7.1" in lines
    assert "receiver d.example - on trial 421" in lines
    assert "relay relay.example:25 120 a minute - -" in lines


def test_scripts_get_the_keys_that_the_operators_page_promises() -> None:
    lane = LaneNow(LaneKind.RECEIVER, "big.example", 0.5, AT, "421")

    told = report_json(replace(a_report(), lanes=[lane]))

    assert list(told) == [
        *("edition", "state", "reason", "at", "audience", "counts", "receivers", "others"),
        *("unplaced", "erased", "retired", "codes", "attempts", "lanes", "rates", "thresholds"),
        "concerns",
    ]
    assert told["lanes"] == [
        {
            "kind": "receiver",
            "name": "big.example",
            "rate": 0.5,
            "closed_until": "2026-10-05T09:00:00+00:00",
            "code": "421",
        }
    ]
    assert told["others"]["receivers"] == 1
    assert told["thresholds"]["complaints"] == {
        "warn_percent": 0.1,
        "over_percent": 0.3,
        "fewest": 1000,
    }
