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
from newsletter.audience.judging import Joined
from newsletter.audience.person import Person
from newsletter.audience.suppressed_targets import parse_target
from newsletter.audience.suppressions import NewSuppression
from newsletter.domain.people import Basis, Subscriber, SuppressionReason
from newsletter.mail.addresses import EmailAddress, parse_address
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
    add(connection, address)
    return subscribers.subscriber(connection, address)


def add(connection: Connection, address: str) -> list[Joined]:
    grounds = Grounds(Basis.CONSENT, "form", None, "mair", NOW)
    return add_people(
        connection,
        [Person(parse_address(address), "Dai", "cy")],
        topics.topic(connection, "bulletin"),
        grounds,
        default_language="en",
        seals=some_seals(),
    )


def suppress(connection: Connection, target: str, reason: SuppressionReason) -> None:
    new = NewSuppression(parse_target(target), reason, "a letter")
    suppressions.suppress(connection, new, some_seals(), actor="mair", at=NOW)


def change(connection: Connection, person: Subscriber, new: EmailAddress) -> None:
    change_address(connection, person, new, some_seals(), at=NOW)


def obstacle(connection: Connection, person: Subscriber, text: str) -> AddressObstacle | None:
    return address_obstacle(connection, person, parse_address(text), some_seals())


def test_the_person_is_the_same_one_at_the_new_address(
    connection: Connection, dai: Subscriber
) -> None:
    subscriptions = subscribers.subscriptions_of(connection, dai.id)
    consents = subscribers.consents_of(connection, dai.id)

    change(connection, dai, NEW)

    now = subscribers.subscriber(connection, "DAI.NEW@exämple.example.com")
    assert subscribers.find(connection, OLD) is None
    assert (now.id, now.handle, now.name, now.language) == (dai.id, dai.handle, "Dai", "cy")
    assert (now.address, now.canonical) == (NEW.typed, NEW.canonical)
    assert subscribers.by_handle(connection, dai.handle) == now
    assert subscribers.subscriptions_of(connection, dai.id) == subscriptions
    assert subscribers.consents_of(connection, dai.id) == consents


def test_each_change_begins_another_epoch(connection: Connection, dai: Subscriber) -> None:
    """T4"""
    change(connection, dai, NEW)
    change(connection, subscribers.subscriber(connection, NEW.typed), parse_address(OLD))

    assert subscribers.subscriber(connection, OLD).epoch == dai.epoch + 2


def test_a_list_that_has_the_old_address_brings_nobody_back_there(
    connection: Connection, dai: Subscriber
) -> None:
    """A list of last year would mail the person twice, or whoever has their desk now."""
    change(connection, dai, NEW)

    (joined,) = add(connection, OLD)

    assert joined is Joined.SUPPRESSED
    assert subscribers.find(connection, OLD) is None
    assert dai.canonical not in {one.target for one in suppressions.all_suppressions(connection)}


def test_one_may_move_back_and_is_mailed_there_again(
    connection: Connection, dai: Subscriber
) -> None:
    change(connection, dai, NEW)
    moved = subscribers.subscriber(connection, NEW.typed)

    assert obstacle(connection, moved, OLD) is None
    change(connection, moved, parse_address(OLD))

    assert subscribers.subscriber(connection, OLD).id == dai.id
    assert suppressions.find_suppression(connection, dai.canonical, some_seals()) is None
    assert suppressions.find_suppression(connection, NEW.canonical, some_seals()) is not None


def test_nobody_else_changes(connection: Connection, dai: Subscriber) -> None:
    other = added(connection, "eleri@example.org")

    change(connection, dai, NEW)

    assert subscribers.subscriber(connection, "eleri@example.org") == other
    assert len(connection.execute(select(handles)).all()) == 2


def test_the_change_is_on_record_and_names_nobody(connection: Connection, dai: Subscriber) -> None:
    """X15"""
    change(connection, dai, NEW)

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


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("new@example.com", SuppressionReason.MANUAL),
        ("new@example.com", SuppressionReason.REQUEST),
        ("@example.com", SuppressionReason.COMPLAINT),
    ],
)
def test_an_address_that_gets_no_mail_for_good_is_stopped(
    connection: Connection, dai: Subscriber, target: str, reason: SuppressionReason
) -> None:
    suppress(connection, target, reason)

    assert obstacle(connection, dai, "New@example.com") is AddressObstacle.STOPPED


@pytest.mark.parametrize("was_erased", [True, False])
def test_what_gives_way_to_a_fresh_opt_in_gives_way_to_this_one(
    connection: Connection, dai: Subscriber, was_erased: bool
) -> None:
    """B6, L4: whoever reads at the new address has said so there."""
    if was_erased:
        seal_address(connection, NEW.canonical, some_seals(), at=NOW)
    else:
        suppress(connection, NEW.typed, SuppressionReason.COMPLAINT)

    assert obstacle(connection, dai, NEW.typed) is None
    change(connection, dai, NEW)

    assert suppressions.find_suppression(connection, NEW.canonical, some_seals()) is None
