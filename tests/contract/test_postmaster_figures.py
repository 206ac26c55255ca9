"""The figures of a postmaster's report, added up by a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, func, select

from newsletter.dispatch import retiring, totals
from newsletter.dispatch.forgetting import forget_recipients
from newsletter.domain.bounces import Verdict
from newsletter.domain.deliveries import DeliveryState as State
from newsletter.reporting import attempts
from newsletter.reporting.answers import answers, by_code
from newsletter.reporting.attempts import RelayFigures, Waits
from newsletter.reporting.complaints import complaints
from newsletter.reporting.examples import example_words
from newsletter.reporting.recent import recent_editions
from newsletter.reporting.split import Split, split
from newsletter.storage.engine import writing
from newsletter.storage.schema import deliveries
from newsletter.storage.time_functions import seconds_between
from tests.reported_rows import (
    BIG,
    EDITION,
    NOW,
    SENT,
    SMALL,
    SMTP,
    add_attempt,
    add_complaint,
    add_delivery,
    add_readers,
    add_sent_edition,
)

READERS = 9
NO_SUCH_USER = {"code": 550, "enhanced": "5.1.1"}


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    """An edition and some readers, to whom nothing of it is addressed yet."""
    with writing(migrated_engine) as connection:
        add_sent_edition(connection)
        add_readers(connection, READERS)
        yield connection


def _split(connection: Connection) -> Split:
    return split(connection, EDITION, complaints(connection, {EDITION}, SMTP))


def _add_one_of_each(connection: Connection) -> None:
    for person, state in enumerate(State, start=1):
        receiver = None if state is State.PENDING else BIG if person % 2 else SMALL
        add_delivery(connection, person, state, receiver)


def test_the_parts_of_a_report_add_up_to_the_status(connection: Connection) -> None:
    _add_one_of_each(connection)

    found = _split(connection)

    assert dict(found.standing.total.counts) == totals.counts(connection, EDITION)
    assert set(found.receivers) == {BIG, SMALL}
    assert dict(found.unplaced.counts) == {State.PENDING: 1}


def test_what_was_accepted_last_is_told_of_each_receiver(connection: Connection) -> None:
    later = SENT + timedelta(hours=3)
    add_delivery(connection, 1, State.ACCEPTED)
    add_delivery(connection, 2, State.ACCEPTED, updated_at=later)
    add_delivery(connection, 3, State.FAILED, SMALL, updated_at=later)

    found = _split(connection)

    assert found.receivers[BIG].last_accepted_at == later
    assert found.receivers[SMALL].last_accepted_at is None
    assert found.standing.total.last_accepted_at == later


def test_erased_people_leave_their_receiver_and_stay_in_the_sum(connection: Connection) -> None:
    _add_one_of_each(connection)
    before = totals.counts(connection, EDITION)
    accepted = list(State).index(State.ACCEPTED) + 1

    forget_recipients(connection, [accepted], NOW)

    found = _split(connection)
    assert dict(found.erased.counts) == {State.ACCEPTED: 1}
    assert dict(found.unplaced.counts) == {State.PENDING: 1}
    assert dict(found.standing.total.counts) == before
    of_nobody = select(func.count()).where(
        deliveries.c.subscriber_id.is_(None), deliveries.c.receiver.is_not(None)
    )
    assert connection.execute(of_nobody).scalar_one() == 0


def test_what_retention_took_away_is_in_the_sum_only(connection: Connection) -> None:
    _add_one_of_each(connection)
    before = totals.counts(connection, EDITION)

    retiring.retire_slice(connection, EDITION, 4)

    found = _split(connection)
    assert found.retired.number == 4
    assert dict(found.standing.total.counts) == before


def test_hard_bounces_are_those_that_failed_for_the_addresss_sake(connection: Connection) -> None:
    add_delivery(connection, 1, State.FAILED, **NO_SUCH_USER, reply="No such user")
    add_delivery(connection, 2, State.FAILED, code=552, enhanced="5.2.2", reply="Mailbox full")
    add_delivery(connection, 3, State.FAILED, code=550, enhanced="5.1.1", reply="Blocked as spam")
    add_delivery(connection, 4, State.FAILED, reply="It was tried for three days.")
    add_delivery(connection, 5, State.DEFERRED, **NO_SUCH_USER, reply="Sender not found")

    found = _split(connection)

    assert found.receivers[BIG].hard == 1
    assert {(one.verdict, one.state) for one in found.answers} == {
        (Verdict.HARD, State.FAILED),
        (Verdict.SOFT, State.FAILED),
        (Verdict.OURS, State.FAILED),
        (None, State.FAILED),
        (Verdict.OURS, State.DEFERRED),
    }


def test_answers_that_differ_in_the_address_alone_are_one(connection: Connection) -> None:
    for person in (1, 2, 3):
        reply = f"<reader{person}@example.org>: user unknown"
        add_delivery(connection, person, State.FAILED, **NO_SUCH_USER, reply=reply)

    (answer,) = answers(connection, EDITION)

    assert (answer.number, answer.receiver, answer.verdict) == (3, BIG, Verdict.HARD)


def test_codes_are_counted_over_all_receivers_the_most_frequent_first(
    connection: Connection,
) -> None:
    add_delivery(connection, 1, State.DEFERRED, code=451, enhanced="4.7.1", reply="Later")
    for person, receiver in ((2, BIG), (3, SMALL)):
        add_delivery(connection, person, State.FAILED, receiver, **NO_SUCH_USER, reply="Nobody")
    add_delivery(connection, 4, State.ACCEPTED, code=250, enhanced="2.0.0", reply="Ok")

    found = by_code(answers(connection, EDITION))

    assert [(one.code, one.number, len(one.receivers)) for one in found] == [
        (550, 2, 2),
        (451, 1, 1),
    ]


def test_an_example_of_a_servers_words_names_no_reader(connection: Connection) -> None:
    reply = "reader1@example.org: mailbox READER1 of Mail-System X is unknown"
    kept = add_delivery(connection, 1, State.FAILED, **NO_SUCH_USER, reply=reply)
    blank = add_delivery(connection, 2, State.FAILED, **NO_SUCH_USER)

    found = example_words(connection, [kept, blank])

    assert found == {kept: "(address): mailbox (name) of Mail-System X is unknown"}


def test_attempts_are_counted_by_relay(connection: Connection) -> None:
    one = add_delivery(connection, 1, State.ACCEPTED, attempts=2)
    other = add_delivery(connection, 2, State.FAILED)
    add_sent_edition(connection, 2)
    foreign = add_delivery(connection, 3, State.ACCEPTED, edition=2)
    add_attempt(connection, one, 1, State.DEFERRED, "a.example:25")
    add_attempt(connection, one, 2, State.ACCEPTED, "b.example:25")
    add_attempt(connection, other, 1, State.FAILED, "a.example:25")
    add_attempt(connection, foreign, 1, State.ACCEPTED, "a.example:25")

    assert attempts.by_relay(connection, EDITION) == [
        RelayFigures("a.example:25", SMTP, number=2, first=2, accepted=0),
        RelayFigures("b.example:25", SMTP, number=1, first=0, accepted=1),
    ]


def test_the_time_until_mail_was_accepted_counts_from_the_first_attempt(
    connection: Connection,
) -> None:
    add_delivery(connection, 1, State.ACCEPTED)
    for person, minutes in ((2, 30), (3, 90)):
        at = SENT + timedelta(minutes=minutes, seconds=0.4)
        add_delivery(connection, person, State.ACCEPTED, attempts=3, updated_at=at)
    add_delivery(connection, 4, State.FAILED, attempts=9, updated_at=SENT + timedelta(days=3))

    found = attempts.waits(connection, EDITION, _split(connection).at_once)

    assert found == Waits(median=1800, p95=5400)


def test_nothing_accepted_took_no_time(connection: Connection) -> None:
    add_delivery(connection, 1, State.FAILED)

    assert attempts.waits(connection, EDITION, 0) is None


def test_seconds_between_instants_are_to_the_nearest_one(connection: Connection) -> None:
    at = SENT + timedelta(days=40, seconds=1.6)
    add_delivery(connection, 1, State.ACCEPTED, updated_at=at)

    seconds = select(seconds_between(deliveries.c.first_attempt_at, deliveries.c.updated_at))

    assert connection.execute(seconds).scalar_one() == 40 * 86_400 + 2


def test_a_complaint_is_of_the_newest_edition_accepted_before_it(connection: Connection) -> None:
    for edition, days in ((2, 7), (3, 14)):
        add_sent_edition(connection, edition, SENT + timedelta(days=days))
    for edition, days in ((1, 0), (2, 7), (3, 14)):
        at = SENT + timedelta(days=days)
        add_delivery(connection, 1, State.ACCEPTED, edition=edition, updated_at=at)
    add_complaint(connection, 1, SENT + timedelta(days=8))

    found = complaints(connection, {1, 2, 3}, SMTP)

    assert found == {(2, BIG): 1}
    assert complaints(connection, {1, 3}, SMTP) == {}


@pytest.mark.parametrize(
    ("days", "state", "transport", "number"),
    [
        (30, State.ACCEPTED, SMTP, 1),
        (31, State.ACCEPTED, SMTP, 0),
        (-1, State.ACCEPTED, SMTP, 0),
        (1, State.FAILED, SMTP, 0),
        (1, State.ACCEPTED, "maildir", 0),
    ],
)
def test_a_complaint_is_of_mail_that_was_accepted_in_the_thirty_days_before(
    connection: Connection, days: int, state: State, transport: str, number: int
) -> None:
    add_delivery(connection, 1, state, transport=transport)
    add_complaint(connection, 1, SENT + timedelta(days=days))

    assert _split(connection).standing.total.complaints == number


def test_recent_editions_are_those_of_thirty_days_the_newest_first(connection: Connection) -> None:
    for edition, days in ((2, 10), (3, 29), (4, 20)):
        add_sent_edition(connection, edition, SENT + timedelta(days=days))
    for person, edition in enumerate((1, 2, 3), start=1):
        add_delivery(connection, person, State.ACCEPTED, edition=edition)
    add_delivery(connection, 4, State.ACCEPTED, edition=4, transport="maildir")

    assert recent_editions(connection, SENT + timedelta(days=31), SMTP) == [3, 2]


def test_when_none_is_recent_the_last_one_is(connection: Connection) -> None:
    add_sent_edition(connection, 2, SENT + timedelta(days=10))
    add_delivery(connection, 1, State.ACCEPTED)
    add_delivery(connection, 1, State.ACCEPTED, edition=2)

    assert recent_editions(connection, SENT + timedelta(days=300), SMTP) == [2]
