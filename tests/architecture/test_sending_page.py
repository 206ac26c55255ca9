"""The operator's page on sending shows the very tables that the program goes by."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path

from newsletter.dispatch.transitions import TRANSITIONS
from newsletter.dispatch.watching import End
from newsletter.domain.bounces import Verdict, verdict_of
from newsletter.domain.deliveries import DeliveryState, SkipReason
from newsletter.domain.editions import EditionState, HeldReason
from newsletter.editions.lifecycle import WAYS

PAGE = (Path(__file__).parents[2] / "docs" / "operator" / "sending.md").read_text(encoding="utf-8")


def _table(header: str) -> list[list[str]]:
    """The rows, each as its cells, of the one table with this header."""
    (body,) = re.findall(rf"^\| {re.escape(header)} \|\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in str(body).splitlines()
    ]


def _states(states: Collection[str], every: type[StrEnum]) -> str:
    return ", ".join(state for state in every if state in states)


def test_the_page_shows_every_transition_of_a_delivery_and_its_cause() -> None:
    assert _table("cause | from | to | what happened") == [
        [cause, _states(way.sources, DeliveryState), way.to, way.meaning]
        for cause, way in TRANSITIONS.items()
    ]


def test_the_page_shows_every_step_of_an_edition() -> None:
    told = [row[:3] for row in _table("step | from | to | by")]

    assert told == [
        [
            step,
            _states(way.sources, EditionState),
            way.to or "where it was held; from paused, sending",
        ]
        for step, way in WAYS.items()
    ]


def test_the_page_explains_every_state_and_every_reason_to_hold() -> None:
    explained = {
        header: [row[0] for row in _table(header)]
        for header in (
            "state | meaning | what leads on",
            "state | meaning",
            "reason | what happened | what to do",
        )
    }

    assert list(explained.values()) == [list(EditionState), list(DeliveryState), list(HeldReason)]


def test_the_page_names_every_reason_of_a_skip_and_every_end_of_a_run() -> None:
    (skipped,) = (row[1] for row in _table("state | meaning") if row[0] == DeliveryState.SKIPPED)
    (ends,) = (row[1] for row in _table("event | further keys | when") if row[0] == "ends")

    assert [reason for reason in SkipReason if reason not in skipped] == []
    assert [end for end in End if end not in ends] == []


def test_the_page_says_of_codes_what_the_program_makes_of_them() -> None:
    """B3, S4."""
    told = {
        row[0]: row[1].split(", ")
        for row in _table("verdict | codes | what the server says | what follows")
    }

    judged = {
        verdict: [
            code for code in codes if verdict_of(int(code[0]) * 100 + 50, code, "") == verdict
        ]
        for verdict, codes in told.items()
    }
    assert judged == told
    assert list(told) == list(Verdict)
