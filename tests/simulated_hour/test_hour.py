"""An hour with ten receivers that misbehave ends as the table says that was written before it, and
annoys none of them; `make hour` prints it."""

from __future__ import annotations

import pytest

from tests.simulated_hour.receiver_log import Line
from tests.simulated_hour.ten_receivers import (
    ACCEPTED,
    CALM,
    DEPARTED,
    GONE,
    MISBEHAVIOURS,
    UNKNOWN,
    Ended,
    expectations,
    spend,
)

WINDOW = 50
"""Messages in a row in which every language is to be found."""
SOON = 60.0
"""Seconds in which a receiver that takes everything has everything."""
EXPECTED = [one.receiver.domain for one in expectations()]


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    return spend(tmp_path_factory.mktemp("hour") / "workspace")


@pytest.mark.parametrize("number", range(len(EXPECTED)), ids=EXPECTED)
def test_the_readers_of_each_receiver_end_as_was_expected(hour: Ended, number: int) -> None:
    row = hour.rows[number]

    assert dict(row.states) == dict(row.expected)


@pytest.mark.parametrize("number", range(len(EXPECTED)), ids=EXPECTED)
def test_no_receiver_was_annoyed(hour: Ended, number: int) -> None:
    assert hour.rows[number].annoyances == []


def test_each_receiver_has_the_mail_of_whom_we_call_accepted_and_of_the_unknown_ones(
    hour: Ended,
) -> None:
    had = {row.receiver.domain: row.mails for row in hour.rows}

    assert had == {
        row.receiver.domain: row.expected.get(ACCEPTED, 0) + row.expected.get(UNKNOWN, 0)
        for row in hour.rows
    }


def test_every_receiver_has_misbehaved(hour: Ended) -> None:
    """Or else the hour says nothing of how that is taken."""
    said = {row.receiver.domain: {line.said for line in row.receiver.log} for row in hour.rows}

    assert [
        domain
        for domain, beginning in MISBEHAVIOURS.items()
        if not any(reply.startswith(beginning) for reply in said[domain])
    ] == []


def test_every_call_of_cron_went_well(hour: Ended) -> None:
    assert hour.errors == []


def test_only_whom_their_receiver_does_not_know_are_suppressed(hour: Ended) -> None:
    assert hour.suppressed == {f"{reader}@{DEPARTED}" for reader in GONE}


def test_no_language_waits_for_the_other(hour: Ended) -> None:
    """By the order of arrival, at all receivers together (L8)."""
    languages = [language_of(line) for line in hour.arrivals]

    windows = (languages[start : start + WINDOW] for start in range(len(languages) - WINDOW + 1))
    assert {frozenset(window) for window in windows} == {frozenset({"cy", "en"})}


def language_of(line: Line) -> str:
    """What the reader's address begins with."""
    return line.recipient[:2]


def test_who_takes_everything_at_once_does_not_wait_for_those_who_are_slow(hour: Ended) -> None:
    came = [line.at for line in hour.arrivals if line.recipient.endswith(CALM)]

    assert max(came) < SOON
