"""Whether too many complaints hold a new edition, from a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, delete

from newsletter.app.complaint_gate import reason_to_hold
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import EditionState, HeldReason
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.storage.engine import writing
from newsletter.storage.schema import deliveries
from tests.reported_rows import (
    SENT,
    add_accepted,
    add_complaint,
    add_delivery,
    add_readers,
    add_sent_edition,
)
from tests.sending_rows import add_edition

NEXT_WEEK = SENT + timedelta(days=7)
MONTHS_LATER = SENT + timedelta(days=90)
READERS = 40


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    """An edition that was accepted for forty readers, and a new one."""
    with writing(migrated_engine) as connection:
        add_sent_edition(connection)
        add_readers(connection, READERS)
        for person in range(1, READERS + 1):
            add_delivery(connection, person, DeliveryState.ACCEPTED)
        add_edition(connection, SENT, 2, slug="new")
        yield connection


def _complain(connection: Connection, number: int) -> None:
    for person in range(1, number + 1):
        add_complaint(connection, person, SENT + timedelta(hours=person))


def _new(connection: Connection, state: EditionState = EditionState.APPROVED) -> StoredEdition:
    return replace(store.edition(connection, "new"), state=state)


@pytest.mark.parametrize("state", [EditionState.APPROVED, EditionState.SCHEDULED])
def test_complaints_over_the_threshold_hold_a_new_edition(
    connection: Connection, state: EditionState
) -> None:
    _complain(connection, 3)

    reason = reason_to_hold(connection, _new(connection, state), NEXT_WEEK)

    assert reason is HeldReason.COMPLAINTS


def test_two_angry_readers_of_a_small_list_hold_nothing(connection: Connection) -> None:
    _complain(connection, 2)

    assert reason_to_hold(connection, _new(connection), NEXT_WEEK) is None


def test_three_among_many_mails_hold_nothing(connection: Connection) -> None:
    _complain(connection, 3)
    add_accepted(connection, 1000)

    assert reason_to_hold(connection, _new(connection), NEXT_WEEK) is None


def test_one_receiver_of_many_mails_is_enough(connection: Connection) -> None:
    _complain(connection, 4)
    add_accepted(connection, 1000)
    add_accepted(connection, 4000, "calm.example")

    assert reason_to_hold(connection, _new(connection), NEXT_WEEK) is HeldReason.COMPLAINTS


def test_a_monthly_edition_is_judged_by_the_one_before_however_long_ago(
    connection: Connection,
) -> None:
    _complain(connection, 3)

    assert reason_to_hold(connection, _new(connection), MONTHS_LATER) is HeldReason.COMPLAINTS


def test_an_edition_under_way_goes_on(connection: Connection) -> None:
    _complain(connection, 3)

    assert reason_to_hold(connection, _new(connection, EditionState.SENDING), NEXT_WEEK) is None


def test_an_edition_that_a_person_let_go_on_is_held_for_it_no_more(
    connection: Connection,
) -> None:
    _complain(connection, 3)
    overruled = replace(_new(connection), overruled=frozenset({HeldReason.COMPLAINTS}))

    assert reason_to_hold(connection, overruled, NEXT_WEEK) is None


def test_the_first_edition_of_all_is_held_by_nothing(connection: Connection) -> None:
    connection.execute(delete(deliveries))
    _complain(connection, 3)

    assert reason_to_hold(connection, _new(connection), NEXT_WEEK) is None
