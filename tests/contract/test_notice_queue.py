"""The queue of notices on a real database: each is taken on by one process at a time, tried until
it is of no use any more, and never lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, delete, select

from newsletter.dispatch.notices import claiming
from newsletter.dispatch.notices.recording import record, skip
from newsletter.dispatch.patience import Patience
from newsletter.domain.deliveries import DeliveryState as State
from newsletter.domain.deliveries import Outcome
from newsletter.domain.notices import Notice, NoticeKind, NoticeSkip
from newsletter.storage.engine import writing
from newsletter.storage.schema import notices, requests, suppressions
from tests.notice_rows import READER, ask_for, queue_notice, rows
from tests.sending_rows import add_bulletin, add_reader

NOW = datetime(2026, 11, 26, 14, 5, tzinfo=UTC)
SOON = timedelta(minutes=5)
PATIENCE = Patience(timedelta(minutes=30), timedelta(hours=72), chance=lambda: 0.0)
ACCEPTED = Outcome(State.ACCEPTED, 250, "2.0.0", "Kept")
LATER = Outcome(State.DEFERRED, 451, "4.3.0", "Not now")
LOST = Outcome(State.UNKNOWN, None, None, "The connection was lost")
NOBODY = Outcome(State.FAILED, 550, "5.1.1", "No such user")


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        yield connection


def claimed(connection: Connection, now: datetime = NOW) -> Notice:
    notice = claiming.claim(connection, now)
    assert notice is not None
    return notice


def test_a_notice_is_claimed_with_all_that_its_message_needs(connection: Connection) -> None:
    request_id = ask_for(connection, NOW - SOON)
    handle = connection.execute(select(requests.c.handle)).scalar_one()
    queue_notice(connection, NOW, language="cy", request_id=request_id)

    notice = claimed(connection)

    assert notice == Notice(
        id=1,
        handle=rows(connection)[0].handle,
        kind=NoticeKind.CONFIRM,
        address=READER,
        canonical=READER.lower(),
        language="cy",
        details={"topics": ["monthly-bulletin"]},
        request_handle=handle,
        asked_at=NOW - SOON,
        expires_at=NOW + timedelta(days=7),
        attempt=1,
        first_attempt_at=NOW,
    )


def test_what_answers_no_request_was_asked_for_when_it_was_queued(connection: Connection) -> None:
    queue_notice(connection, NOW - SOON, NoticeKind.WELCOME)

    notice = claimed(connection)

    assert (notice.request_handle, notice.asked_at) == (None, NOW - SOON)


def test_the_one_that_has_waited_longest_comes_first(connection: Connection) -> None:
    queue_notice(connection, NOW, address="second@example.org")
    queue_notice(connection, NOW - SOON, address="first@example.org")

    assert [claimed(connection).address for _ in range(2)] == [
        "first@example.org",
        "second@example.org",
    ]
    assert claiming.claim(connection, NOW) is None


def test_what_somebody_has_taken_on_is_left_to_them_until_their_lease_is_over(
    connection: Connection,
) -> None:
    queue_notice(connection, NOW)
    first = claimed(connection)

    assert claiming.claim(connection, NOW + claiming.LEASE - timedelta(seconds=1)) is None
    again = claimed(connection, NOW + claiming.LEASE)

    assert (again.handle, again.attempt) == (first.handle, 2)
    assert again.first_attempt_at == NOW


def test_what_comes_of_a_lease_that_is_over_changes_nothing(connection: Connection) -> None:
    queue_notice(connection, NOW)
    first = claimed(connection)
    again = claimed(connection, NOW + claiming.LEASE)

    record(connection, first, LATER, PATIENCE, NOW + claiming.LEASE)
    assert rows(connection)[0].state == State.SENDING
    record(connection, again, ACCEPTED, PATIENCE, NOW + claiming.LEASE)

    assert rows(connection)[0].state == State.ACCEPTED


def test_what_was_accepted_is_never_due_again(connection: Connection) -> None:
    queue_notice(connection, NOW)

    state = record(connection, claimed(connection), ACCEPTED, PATIENCE, NOW)

    row = rows(connection)[0]
    assert (state, row.state, row.code, row.claimed_until) == (
        State.ACCEPTED,
        "accepted",
        250,
        None,
    )
    assert claiming.how_many_due(connection, NOW + timedelta(days=30)) == 0


@pytest.mark.parametrize("outcome", [LATER, LOST])
def test_what_was_deferred_or_lost_goes_again_soon_and_then_ever_later(
    connection: Connection, outcome: Outcome
) -> None:
    queue_notice(connection, NOW)

    waits, now = [], NOW
    for _ in range(4):
        record(connection, claimed(connection, now), outcome, PATIENCE, now)
        again = rows(connection)[0].next_attempt_at
        waits.append((again - now) / timedelta(minutes=1))
        assert claiming.claim(connection, again - timedelta(seconds=1)) is None
        now = again

    assert waits == [5, 10, 20, 40]
    assert rows(connection)[0].state == State.DEFERRED


def test_nothing_is_tried_when_it_is_of_no_use_any_more(connection: Connection) -> None:
    queue_notice(connection, NOW, NoticeKind.ERASE, life=timedelta(minutes=4))
    record(connection, claimed(connection), LATER, PATIENCE, NOW)
    end = NOW + timedelta(minutes=4)

    assert rows(connection)[0].next_attempt_at == end
    assert claiming.claim(connection, end) is None
    assert claiming.expire(connection, end) == 1

    row = rows(connection)[0]
    assert (row.state, row.reason, row.reply) == (State.SKIPPED, NoticeSkip.EXPIRED, "Not now")
    assert claiming.how_many_due(connection, end) == 0


def test_what_was_tried_long_enough_has_failed(connection: Connection) -> None:
    queue_notice(connection, NOW)
    record(connection, claimed(connection), LATER, PATIENCE, NOW)

    later = NOW + PATIENCE.expire_after
    state = record(connection, claimed(connection, later), LATER, PATIENCE, later)

    assert (state, rows(connection)[0].state) == (State.FAILED, State.FAILED)


def test_whose_mailbox_is_none_is_suppressed_when_on_the_list(connection: Connection) -> None:
    """B3."""
    add_bulletin(connection, NOW)
    add_reader(connection, NOW, 1)
    queue_notice(connection, NOW, address="reader1@example.org")

    record(connection, claimed(connection), NOBODY, PATIENCE, NOW)

    (row,) = connection.execute(select(suppressions))
    assert (row.target, row.reason) == ("reader1@example.org", "hard-bounce")
    assert row.evidence == "notice confirm: 550 5.1.1"


def test_a_stranger_whose_mailbox_is_none_leaves_no_trace_but_the_notice(
    connection: Connection,
) -> None:
    queue_notice(connection, NOW)

    record(connection, claimed(connection), NOBODY, PATIENCE, NOW)

    assert connection.execute(select(suppressions)).first() is None
    assert rows(connection)[0].state == State.FAILED


def test_a_notice_may_be_passed_over(connection: Connection) -> None:
    queue_notice(connection, NOW)

    skip(connection, claimed(connection), NoticeSkip.STOPPED, NOW)

    row = rows(connection)[0]
    assert (row.state, row.reason, row.claimed_until) == (State.SKIPPED, NoticeSkip.STOPPED, None)


def test_whoever_was_erased_meanwhile_stays_so(connection: Connection) -> None:
    queue_notice(connection, NOW)
    notice = claimed(connection)
    connection.execute(delete(notices))

    record(connection, notice, NOBODY, PATIENCE, NOW)

    assert rows(connection) == []
