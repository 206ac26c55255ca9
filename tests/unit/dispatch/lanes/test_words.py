"""Why a delivery waits, in our own words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.dispatch.lanes.lane import OPEN, Lane
from newsletter.dispatch.lanes.words import why

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)
AGAIN = "it is asked again on 2026-10-05 at 09:30 UTC"


@pytest.mark.parametrize(
    ("lane", "rate", "words"),
    [
        (
            Lane(closed_until=LATER, code="550 5.7.1", refused=(1, 2, 3, 4)),
            None,
            f"refused us (550 5.7.1) for 4 readers in a row; {AGAIN}",
        ),
        (Lane(closed_until=LATER, code="550 5.7.1"), None, f"refused us (550 5.7.1); {AGAIN}"),
        (
            Lane(closed_until=LATER, code="421", refused=(1,)),
            2.0,
            f"asked for a pause (421); {AGAIN}",
        ),
        (
            Lane(closed_until=NOW, code="421"),
            None,
            "asked for a pause (421); it is being asked with one message at a time",
        ),
        (OPEN, 100 / 3600, "takes 100 messages an hour from us, and others were first"),
        (OPEN, 20 / 86_400, "takes 20 messages a day from us, and others were first"),
        (OPEN, 1 / 86_400, "takes 1 message a day from us, and others were first"),
        (OPEN, 1.0, "takes 60 messages a minute from us, and others were first"),
        (OPEN, None, "takes no more messages from us at once, and others were first"),
    ],
)
def test_the_words_name_the_receiver_what_it_does_and_until_when(
    lane: Lane, rate: float | None, words: str
) -> None:
    assert why("one.example", lane, rate, NOW) == f"Not tried yet: one.example {words}."
