"""Whether anybody asks for anything that is not done with, on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, update

from newsletter.audience.requests.unfinished import is_any_unfinished
from newsletter.storage.engine import writing
from newsletter.storage.schema import requests
from tests.notice_rows import ask_for

NOW = datetime(2026, 11, 26, 14, 5, tzinfo=UTC)
LATER = NOW + timedelta(days=8)
ANSWERED: dict[str, Any] = {"answered_at": NOW, "outcome": "mailed"}


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        yield connection


def test_where_nobody_has_asked_for_anything_nothing_is_unfinished(connection: Connection) -> None:
    assert not is_any_unfinished(connection, NOW)


@pytest.mark.parametrize(
    ("changes", "at", "is_unfinished"),
    [
        ({}, NOW, True),  # nobody has looked at it
        ({}, LATER, True),
        (ANSWERED, NOW, True),  # it may be confirmed, or reminded of
        (ANSWERED, LATER, False),
        (ANSWERED | {"settled_at": NOW}, NOW, False),
    ],
)
def test_a_request_is_unfinished_until_it_is_confirmed_or_over(
    connection: Connection, changes: dict[str, Any], at: datetime, is_unfinished: bool
) -> None:
    ask_for(connection, NOW)
    if changes:
        connection.execute(update(requests).values(**changes))

    assert is_any_unfinished(connection, at) == is_unfinished
