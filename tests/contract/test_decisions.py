"""What people decide about deliveries, on a real database: only what may change does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from newsletter.dispatch import decisions
from newsletter.dispatch.cancelling import cancel_open
from newsletter.dispatch.transitions import TRANSITIONS, Cause
from newsletter.domain.deliveries import DeliveryState as State
from newsletter.domain.deliveries import SkipReason
from newsletter.storage.engine import writing
from newsletter.storage.schema import deliveries, editions, subscribers, topics

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
BEFORE = NOW - timedelta(hours=2)
EDITION, OTHER = 1, 2
IDS: Mapping[State, int] = {state: number for number, state in enumerate(State, start=1)}
"""The edition has one delivery in each state; the other edition has the same, from 101."""

Decide = Callable[[Connection], int]

DECISIONS: Mapping[Cause, Decide] = {
    Cause.CANCEL: lambda connection: cancel_open(connection, EDITION, NOW),
    Cause.RETRY: lambda connection: decisions.retry_failed(connection, EDITION, NOW),
    Cause.RESEND: lambda connection: decisions.resend_unknown(connection, EDITION, None, NOW),
    Cause.MARK_ACCEPTED: lambda connection: decisions.accept_unknown(
        connection, EDITION, None, NOW
    ),
    Cause.DOUBT: lambda connection: decisions.doubt_pending(connection, EDITION, NOW),
}


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        connection.execute(
            insert(topics).values(
                id=1, public_id=7, slug="bulletin", names={}, private=False, created_at=BEFORE
            )
        )
        for number in IDS.values():
            _add_person(connection, number)
        for edition in (EDITION, OTHER):
            _add_edition(connection, edition)
            for state, number in IDS.items():
                _add_delivery(connection, edition, number, state)
        yield connection


def _add_person(connection: Connection, number: int) -> None:
    address = f"reader{number}@example.org"
    connection.execute(
        insert(subscribers).values(
            id=number,
            handle=1000 + number,
            address=address,
            canonical=address,
            name="",
            language="en",
            format="html",
            attributes={},
            created_at=BEFORE,
        )
    )


def _add_edition(connection: Connection, edition: int) -> None:
    connection.execute(
        insert(editions).values(
            id=edition,
            public_id=edition,
            slug=f"2026-1{edition}",
            topic_id=1,
            state="sending",
            revision=1,
            source_file="",
            source_digest="",
            created_at=BEFORE,
        )
    )


def _add_delivery(connection: Connection, edition: int, number: int, state: State) -> None:
    connection.execute(
        insert(deliveries).values(
            id=number + 100 * (edition - 1),
            edition_id=edition,
            subscriber_id=number,
            language="en",
            format="html",
            variant="",
            state=state,
            attempts=2,
            first_attempt_at=BEFORE,
            next_attempt_at=NOW if state is State.DEFERRED else None,
            reply="as it happened",
            updated_at=BEFORE,
        )
    )


def _states(connection: Connection, edition: int = EDITION) -> dict[int, State]:
    query = select(deliveries.c.id, deliveries.c.state).where(deliveries.c.edition_id == edition)
    return {row.id: State(row.state) for row in connection.execute(query)}


def _forget_person(connection: Connection, state: State) -> None:
    connection.execute(
        update(deliveries).where(deliveries.c.id == IDS[state]).values(subscriber_id=None)
    )


@pytest.mark.parametrize("cause", DECISIONS)
def test_a_decision_moves_what_its_cause_allows_in_its_own_edition_and_nothing_else(
    connection: Connection, cause: Cause
) -> None:
    before = _states(connection), _states(connection, OTHER)

    number = DECISIONS[cause](connection)

    way = TRANSITIONS[cause]
    after = {id_: way.to if state in way.sources else state for id_, state in before[0].items()}
    assert number == len(way.sources)
    assert (_states(connection), _states(connection, OTHER)) == (after, before[1])


@pytest.mark.parametrize("cause", DECISIONS)
def test_a_decision_made_twice_changes_nothing_more(connection: Connection, cause: Cause) -> None:
    DECISIONS[cause](connection)

    assert DECISIONS[cause](connection) == 0


def test_what_is_called_off_says_so_and_has_no_next_time(connection: Connection) -> None:
    cancel_open(connection, EDITION, NOW)

    row = connection.execute(select(deliveries).where(deliveries.c.id == IDS[State.DEFERRED])).one()
    assert (row.reason, row.next_attempt_at, row.updated_at) == (SkipReason.CANCELLED, None, NOW)


@pytest.mark.parametrize(
    ("cause", "state"), [(Cause.RETRY, State.FAILED), (Cause.RESEND, State.UNKNOWN)]
)
def test_what_is_tried_once_more_is_given_all_the_patience_again_and_keeps_its_reply(
    connection: Connection, cause: Cause, state: State
) -> None:
    DECISIONS[cause](connection)

    row = connection.execute(select(deliveries).where(deliveries.c.id == IDS[state])).one()
    assert (row.first_attempt_at, row.next_attempt_at) == (None, None)
    assert (row.attempts, row.reply) == (2, "as it happened")


@pytest.mark.parametrize(
    ("cause", "state"), [(Cause.RETRY, State.FAILED), (Cause.RESEND, State.UNKNOWN)]
)
def test_whoever_was_erased_is_not_tried_again(
    connection: Connection, cause: Cause, state: State
) -> None:
    """Nobody could mail them, and a pending delivery would keep the edition open for ever."""
    _forget_person(connection, state)

    assert DECISIONS[cause](connection) == 0


def test_only_the_deliveries_that_are_named_are_decided_however_many_are_named(
    connection: Connection,
) -> None:
    named = {IDS[State.UNKNOWN], *range(1000, 4000)}

    assert decisions.accept_unknown(connection, EDITION, {IDS[State.FAILED]}, NOW) == 0
    assert decisions.accept_unknown(connection, EDITION, named, NOW) == 1
