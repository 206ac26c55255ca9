"""The judge overlooks nothing that can be wrong with an edition; this one is for three people."""

from __future__ import annotations

import pytest

from tests.torture.judge import Row, Verdict, compare
from tests.torture.receiver_log import Entry

ANN, BEN, CAI = PEOPLE = ("ann@example.org", "ben@example.org", "cai@example.org")


def row(address: str, state: str = "accepted", sender: int = 1) -> Row:
    return Row(address, state, sender)


def entry(address: str) -> Entry:
    return Entry(address, f"<{address[:3]}@news.example.org>")


ROWS = [row(one) for one in PEOPLE]
LOG = [entry(one) for one in PEOPLE]


def test_an_edition_that_everybody_got_once_has_no_fault() -> None:
    assert compare(ROWS, PEOPLE, LOG) == Verdict(people=3)


def test_who_is_accepted_and_never_received_it_is_missing() -> None:
    assert compare(ROWS, PEOPLE, LOG[:2]).missing == (f"{CAI} (accepted, received 0 times)",)


@pytest.mark.parametrize("state", ["pending", "sending", "deferred", "failed", "skipped"])
def test_who_is_left_over_is_missing(state: str) -> None:
    rows = [*ROWS[:2], row(CAI, state)]

    assert compare(rows, PEOPLE, LOG[:2]).missing == (f"{CAI} ({state}, received 0 times)",)


def test_who_has_no_row_is_missing_and_the_totals_are_wrong() -> None:
    verdict = compare(ROWS[:2], PEOPLE, LOG)

    assert verdict.missing == (f"{CAI} (None, received 1 times)",)
    assert verdict.faults == ("2 rows for 3 people",)


def test_who_received_it_twice_is_doubled_whatever_the_ledger_says() -> None:
    assert compare(ROWS, PEOPLE, [*LOG, entry(BEN)]).doubled == (BEN,)


def test_two_people_with_one_message_id_are_doubled() -> None:
    log = [*LOG[:2], Entry(CAI, LOG[0].message_id)]

    assert compare(ROWS, PEOPLE, log).doubled == (ANN, CAI)


def test_doubts_are_counted_by_sender_and_by_what_was_received() -> None:
    rows = [row(ANN, "unknown", 1), row(BEN, "unknown", 1), row(CAI, "unknown", 2)]

    verdict = compare(rows, PEOPLE, LOG[:1])

    assert (verdict.doubted, verdict.doubted_at_once, verdict.received) == (3, 2, 1)
    assert verdict.missing == ()


def test_strangers_are_a_fault() -> None:
    log = [*LOG, entry("dai@example.org")]

    assert compare(ROWS, PEOPLE, log).faults == ("1 strangers were written to",)
