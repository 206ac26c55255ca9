"""Deliveries listed one by one, from a real database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, update

from newsletter.dispatch.listed_deliveries import (
    ListedDelivery,
    Standing,
    deliveries_in,
    standings,
)
from newsletter.domain.deliveries import DeliveryState as State
from newsletter.storage.engine import writing
from newsletter.storage.schema import deliveries
from tests.delivery_rows import (
    BEFORE,
    EDITION,
    IDS,
    OTHER,
    add_deliveries_in_every_state,
    forget_person,
)


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        add_deliveries_in_every_state(connection)
        yield connection


def test_a_listed_delivery_tells_whom_it_is_for_and_what_the_server_said(
    connection: Connection,
) -> None:
    failed = IDS[State.FAILED]
    answer = {"code": 550, "enhanced": "5.1.1", "reply": "No such user"}
    connection.execute(update(deliveries).where(deliveries.c.id == failed).values(**answer))

    (listed,) = deliveries_in(connection, EDITION, State.FAILED)

    assert listed == ListedDelivery(
        failed,
        f"reader{failed}@example.org",
        1000 + failed,
        State.FAILED,
        550,
        "5.1.1",
        "No such user",
        BEFORE,
    )


def test_a_delivery_stays_on_the_list_when_its_person_was_erased(connection: Connection) -> None:
    forget_person(connection, State.UNKNOWN)

    (listed,) = deliveries_in(connection, EDITION, State.UNKNOWN)

    assert (listed.id, listed.email, listed.handle) == (IDS[State.UNKNOWN], None, None)


def test_a_list_is_in_the_order_of_the_freeze(connection: Connection) -> None:
    connection.execute(
        update(deliveries).where(deliveries.c.edition_id == EDITION).values(state=State.FAILED)
    )

    listed = deliveries_in(connection, EDITION, State.FAILED)

    assert [one.id for one in listed] == sorted(IDS.values())


def test_where_deliveries_stand_is_told_of_the_edition_alone(connection: Connection) -> None:
    forget_person(connection, State.UNKNOWN)
    of_the_other = 100 + IDS[State.ACCEPTED]

    found = standings(
        connection,
        EDITION,
        {IDS[State.UNKNOWN], IDS[State.FAILED], of_the_other, *range(900, 3000)},
    )

    assert found == {
        IDS[State.UNKNOWN]: Standing(State.UNKNOWN, is_erased=True),
        IDS[State.FAILED]: Standing(State.FAILED, is_erased=False),
    }
    assert standings(connection, OTHER, {of_the_other})[of_the_other].state is State.ACCEPTED
