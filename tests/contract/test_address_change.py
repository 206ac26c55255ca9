"""Giving a person another address, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, select

from newsletter.audience import subscribers, suppressions, topics
from newsletter.audience.address_change import AddressObstacle, address_obstacle, change_address
from newsletter.audience.erasure import seal_address
from newsletter.audience.grounds import Grounds
from newsletter.audience.joining import add_people
from newsletter.audience.person import Person
from newsletter.audience.suppressed_targets import parse_target
from newsletter.audience.suppressions import NewSuppression
from newsletter.domain.people import Basis, Subscriber, SuppressionReason
from newsletter.mail.addresses import parse_address
from newsletter.storage.engine import writing
from newsletter.storage.schema import audit, handles
from tests.builders import some_seals

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
OLD = "Dai@example.org"
NEW = parse_address("Dai.New@exämple.example.com")


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        yield connection


@pytest.fixture
def dai(connection: Connection) -> Subscriber:
    topics.add_topic(
        connection, "bulletin", names={"en": "B"}, private=False, actor="mair", now=NOW
    )
    return added(connection, OLD)


def added(connection: Connection, address: str) -> Subscriber:
    grounds = Grounds(Basis.CONSENT, "form", None, "mair", NOW)
    add_people(
        connection,
        [Person(parse_address(address), "Dai", "cy")],
        topics.topic(connection, "bulletin"),
        grounds,
        default_language="en",
        seals=some_seals(),
    )
    return subscribers.subscriber(connection, address)


def suppress(connection: Connection, target: str) -> None:
    new = NewSuppression(parse_target(target), SuppressionReason.COMPLAINT, "a letter")
    suppressions.suppress(connection, new, some_seals(), actor="mair", at=NOW)


def obstacle(connection: Connection, person: Subscriber, text: str) -> AddressObstacle | None:
    return address_obstacle(connection, person, parse_address(text), some_seals())


def test_the_person_is_the_same_one_at_the_new_address(
    connection: Connection, dai: Subscriber
) -> None:
    subscriptions = subscribers.subscriptions_of(connection, dai.id)
    consents = subscribers.consents_of(connection, dai.id)

    change_address(connection, dai, NEW, at=NOW)

    now = subscribers.subscriber(connection, "DAI.NEW@exämple.example.com")
    assert subscribers.find(connection, OLD) is None
    assert (now.id, now.handle, now.name, now.language) == (dai.id, dai.handle, "Dai", "cy")
    assert (now.address, now.canonical) == (NEW.typed, NEW.canonical)
    assert subscribers.by_handle(connection, dai.handle) == now
    assert subscribers.subscriptions_of(connection, dai.id) == subscriptions
    assert subscribers.consents_of(connection, dai.id) == consents


def test_each_change_begins_another_epoch(connection: Connection, dai: Subscriber) -> None:
    """T4"""
    change_address(connection, dai, NEW, at=NOW)
    change_address(connection, subscribers.subscriber(connection, NEW.typed), NEW, at=NOW)

    assert subscribers.subscriber(connection, NEW.typed).epoch == dai.epoch + 2


def test_nobody_else_changes(connection: Connection, dai: Subscriber) -> None:
    other = added(connection, "eleri@example.org")

    change_address(connection, dai, NEW, at=NOW)

    assert subscribers.subscriber(connection, "eleri@example.org") == other
    assert len(connection.execute(select(handles)).all()) == 2


def test_the_change_is_on_record_and_names_nobody(connection: Connection, dai: Subscriber) -> None:
    """X15"""
    change_address(connection, dai, NEW, at=NOW)

    line = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(1)).one()
    assert (line.actor, line.action) == ("reader", "reader changes address")
    assert (line.subject, line.detail, line.at) == ("one person", "", NOW)


def test_an_address_that_nobody_has_is_free(connection: Connection, dai: Subscriber) -> None:
    assert address_obstacle(connection, dai, NEW, some_seals()) is None


@pytest.mark.parametrize("text", [OLD, "dai@EXAMPLE.org", " DAI@example.org "])
def test_their_own_address_in_any_spelling_is_the_same(
    connection: Connection, dai: Subscriber, text: str
) -> None:
    assert obstacle(connection, dai, text) is AddressObstacle.SAME


def test_the_address_of_somebody_on_the_list_is_taken(
    connection: Connection, dai: Subscriber
) -> None:
    added(connection, "eleri@example.org")

    assert obstacle(connection, dai, "Eleri@Example.org") is AddressObstacle.TAKEN


@pytest.mark.parametrize("target", ["new@example.com", "@example.com"])
def test_an_address_that_gets_no_mail_is_stopped(
    connection: Connection, dai: Subscriber, target: str
) -> None:
    suppress(connection, target)

    assert obstacle(connection, dai, "New@example.com") is AddressObstacle.STOPPED


def test_the_address_of_somebody_erased_is_stopped(connection: Connection, dai: Subscriber) -> None:
    """L4"""
    seal_address(connection, "new@example.com", some_seals(), at=NOW)

    assert obstacle(connection, dai, "New@example.com") is AddressObstacle.STOPPED
