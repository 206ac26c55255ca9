"""Rows by the thousand, as SQLAlchemy would have written each of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, insert, select

from newsletter.domain.people import Basis, SubscriptionStatus
from newsletter.storage.bulk_insert import BulkInsert
from newsletter.storage.engine import writing
from newsletter.storage.schema import subscribers, subscriptions, topics

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
COLUMNS = ("id", "handle", "address", "canonical", "name", "language", "format", "attributes")
INSERT = BulkInsert(subscribers, (*COLUMNS, "created_at"))
PERSON = (1, 2**64 - 1, "Dai@example.org", "dai@example.org", "Dai", "cy", "html")
SUBSCRIPTION = ("subscriber_id", "topic_id", "status", "basis", "since")


@pytest.fixture
def sparse_engine(migrated_engine: Engine) -> Engine:
    """A database with one topic and nobody."""
    with writing(migrated_engine) as connection:
        connection.execute(
            insert(topics).values(
                id=1, public_id=1, slug="t", names={"en": "T"}, private=False, created_at=AT
            )
        )
    return migrated_engine


def test_values_come_back_as_they_went_in(sparse_engine: Engine) -> None:
    attributes = {"county": "Powys", "tags": ["Un", "Dau"], "age": 40}
    summer = AT.astimezone(timezone(timedelta(hours=1)))

    with writing(sparse_engine) as connection:
        INSERT(connection, [(*PERSON, attributes, summer)])
        (row,) = connection.execute(select(*subscribers.c[(*COLUMNS, "created_at")]))

    assert tuple(row) == (*PERSON, attributes, AT)


def test_it_writes_what_sqlalchemy_writes(sparse_engine: Engine) -> None:
    other = (2, 7, "Siân@example.org", "siân@example.org", "Siân", "cy", "text", {}, AT)
    raw = "SELECT handle, attributes, created_at, name FROM subscribers WHERE id = 2"

    with writing(sparse_engine) as connection:
        INSERT(connection, [other])
        by_bulk = connection.exec_driver_sql(raw).one()
        connection.execute(subscribers.delete())
        names = (*COLUMNS, "created_at")
        connection.execute(insert(subscribers), [dict(zip(names, other, strict=True))])
        by_sqlalchemy = connection.exec_driver_sql(raw).one()

    assert by_bulk == by_sqlalchemy


def test_no_rows_are_nothing(sparse_engine: Engine) -> None:
    with writing(sparse_engine) as connection:
        INSERT(connection, [])

        assert connection.execute(select(subscribers)).all() == []


def test_only_what_is_to_be_updated_changes_where_there_is_a_row(sparse_engine: Engine) -> None:
    write = BulkInsert(subscriptions, SUBSCRIPTION, updating=("status", "since"))
    later = AT + timedelta(days=1)

    with writing(sparse_engine) as connection:
        INSERT(connection, [(*PERSON, {}, AT)])
        for status, basis, since in (
            (SubscriptionStatus.ACTIVE, Basis.CONSENT, AT),
            (SubscriptionStatus.UNSUBSCRIBED, Basis.CONTRACT, later),
        ):
            write(connection, [(1, 1, status.value, basis.value, since)])
        (row,) = connection.execute(select(*subscriptions.c[SUBSCRIPTION]))

    assert tuple(row) == (1, 1, "unsubscribed", "consent", later)


@pytest.mark.parametrize("columns", [("canonical", "address"), ("address", "adress")])
def test_columns_out_of_order_or_unknown_are_a_fault_of_the_program(
    columns: tuple[str, ...],
) -> None:
    with pytest.raises(ValueError, match="the columns of subscribers are, in order: "):
        BulkInsert(subscribers, columns)
