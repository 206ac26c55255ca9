"""What people decide about deliveries, on a real database: only what may change does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
from sqlalchemy import Connection, Engine, select

from newsletter.dispatch import decisions
from newsletter.dispatch.cancelling import cancel_open
from newsletter.dispatch.transitions import TRANSITIONS, Cause
from newsletter.domain.deliveries import DeliveryState as State
from newsletter.domain.deliveries import SkipReason
from newsletter.storage.engine import writing
from newsletter.storage.schema import deliveries
from tests.delivery_rows import (
    EDITION,
    IDS,
    NOW,
    OTHER,
    add_deliveries_in_every_state,
    forget_person,
)

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
        add_deliveries_in_every_state(connection)
        yield connection


def _states(connection: Connection, edition: int = EDITION) -> dict[int, State]:
    query = select(deliveries.c.id, deliveries.c.state).where(deliveries.c.edition_id == edition)
    return {row.id: State(row.state) for row in connection.execute(query)}


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
    forget_person(connection, state)

    assert DECISIONS[cause](connection) == 0


def test_only_the_deliveries_that_are_named_are_decided_however_many_are_named(
    connection: Connection,
) -> None:
    named = {IDS[State.UNKNOWN], *range(1000, 4000)}

    assert decisions.accept_unknown(connection, EDITION, {IDS[State.FAILED]}, NOW) == 0
    assert decisions.accept_unknown(connection, EDITION, named, NOW) == 1
