"""The two requests of a change of address, and what was asked for lately, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, select

from newsletter.audience.requests.asked_lately import asked_lately
from newsletter.audience.requests.asking import ask
from newsletter.audience.requests.both_ends import new_details, other_end, record_result
from newsletter.audience.requests.finding import by_handle
from newsletter.audience.requests.forgetting import remove
from newsletter.domain.requests import NewRequest, Request, RequestKind
from newsletter.storage.engine import writing
from newsletter.storage.schema import requests

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
FROM, TO = RequestKind.ADDRESS_FROM, RequestKind.ADDRESS_TO
OLD, NEW = "Siân@example.org", "sian@EXÄMPLE.example.com"


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        yield connection


def ask_both(connection: Connection, old: str = OLD, new: str = NEW) -> tuple[Request, Request]:
    """Asks for a change; gives its two ends."""
    details = new_details(old, new)
    both = [(FROM, old), (TO, new)]
    ask(connection, [NewRequest(*one, "en", "page", details=details) for one in both], NOW)
    newest = select(requests.c.handle).order_by(requests.c.id.desc()).limit(2)
    to, of = connection.execute(newest).scalars()
    ends = by_handle(connection, of), by_handle(connection, to)
    assert ends[0] is not None
    assert ends[1] is not None
    return ends[0], ends[1]


@pytest.mark.parametrize("new", [NEW, OLD, OLD.upper()])
def test_either_end_finds_the_other(connection: Connection, new: str) -> None:
    of, to = ask_both(connection, new=new)

    assert other_end(connection, of) == to
    assert other_end(connection, to) == of


def test_the_ends_of_another_change_of_the_same_addresses_are_others(
    connection: Connection,
) -> None:
    first, second = ask_both(connection), ask_both(connection)

    assert [other_end(connection, one) for one in (*first, *second)] == [
        first[1],
        first[0],
        second[1],
        second[0],
    ]


def test_an_end_that_is_kept_no_more_is_not_found(connection: Connection) -> None:
    of, to = ask_both(connection)

    remove(connection, [to.id])

    assert other_end(connection, of) is None


def test_the_result_is_at_both_ends_and_nothing_else_changes(connection: Connection) -> None:
    of, to = ask_both(connection)
    another, _ = ask_both(connection)

    record_result(connection, (of, to), "changed")

    for one in (of, to):
        now = by_handle(connection, one.handle)
        assert now is not None
        assert dict(now.details) == {**one.details, "result": "changed"}
    assert by_handle(connection, another.handle) == another


def test_what_was_asked_for_lately_is_of_one_address_and_one_kind(connection: Connection) -> None:
    ask(connection, [NewRequest(RequestKind.MY_DATA, OLD, "en", "page")], NOW)
    of, _ = ask_both(connection)
    ask_both(connection, old="other@example.org")

    found = asked_lately(connection, of.canonical, FROM, NOW - timedelta(seconds=1))

    assert [(one.at, dict(one.details)) for one in found] == [(NOW, dict(of.details))]
    assert asked_lately(connection, of.canonical, FROM, NOW) == []
