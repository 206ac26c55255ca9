"""What the public pages may ask of the program, by a token alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from newsletter.app.erasing import erase
from newsletter.app.readers.leaving import Leaving
from newsletter.app.readers.preferring import Preferring
from newsletter.app.workspace import Workspace, keys_file
from newsletter.audience import joining, subscribers, suppressions, topics
from newsletter.audience.consent_ledger import write_subscriptions
from newsletter.audience.grounds import Grounds
from newsletter.audience.person import Person
from newsletter.audience.suppressed_targets import parse_target
from newsletter.audience.suppressions import NewSuppression
from newsletter.domain.departures import Leaver
from newsletter.domain.people import (
    Basis,
    Consent,
    ConsentSource,
    Subscriber,
    SubscriptionStatus,
    SuppressionReason,
    Topic,
)
from newsletter.domain.readers import Forgotten, Reader
from newsletter.mail.addresses import parse_address
from newsletter.settings.model import FileSettings
from newsletter.settings.tables import Mail, Sender, Site
from newsletter.storage.engine import reading, writing
from newsletter.tokens.key_ring import create_key_ring
from newsletter.tokens.tokens import INERT_TOKEN, Purpose
from tests.builders import some_seals

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
ADDRESS = "siân@example.org"
BY_STAFF = Grounds(Basis.PUBLIC_TASK, ConsentSource.STAFF_ADD, None, "mair", NOW)


class House:
    """A database of ten topics with one person in it, who gets the first five; and the desks."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        settings = FileSettings.of_folder(
            folder,
            site=Site(name="House", base_url="https://news.example.org", languages=["en", "cy"]),
            sender=Sender(address="news@example.org"),
            mail=Mail(domain="news.example.org", bounce_address="bounces@news.example.org"),
        )
        create_key_ring(keys_file(settings))
        self.workspace = Workspace(
            settings=settings,
            engine=engine,
            now=lambda: NOW,
        )
        self.leaving = Leaving(self.workspace)
        self.preferring = Preferring(self.workspace)
        self.slugs = [f"topic-{number}" for number in range(10)]
        with writing(engine) as connection:
            self.topics = [self._add_topic(connection, slug) for slug in self.slugs]
            person = Person(parse_address(ADDRESS))
            for topic in self.topics[:5]:
                joining.add_people(
                    connection, [person], topic, BY_STAFF, default_language="cy", seals=some_seals()
                )

    @staticmethod
    def _add_topic(connection: Connection, slug: str) -> Topic:
        return topics.add_topic(
            connection, slug, names={"en": slug}, private=False, actor="mair", now=NOW
        )

    @property
    def person(self) -> Subscriber:
        with reading(self.workspace.engine) as connection:
            return subscribers.subscriber(connection, ADDRESS)

    @property
    def ledger(self) -> list[Consent]:
        with reading(self.workspace.engine) as connection:
            return subscribers.consents_of(connection, self.person.id)

    def token(self, purpose: Purpose) -> str:
        return self.workspace.tokens.token(
            purpose, handle=self.person.handle, topic=self.topics[0].public_id
        )

    def set_status(self, status: SubscriptionStatus) -> None:
        person = self.person
        with writing(self.workspace.engine) as connection:
            write_subscriptions(connection, [person.id], self.topics[0].id, status, BY_STAFF)

    def suppress(self) -> None:
        with writing(self.workspace.engine) as connection:
            suppressions.suppress(
                connection,
                NewSuppression(parse_target(ADDRESS), SuppressionReason.COMPLAINT),
                self.workspace.seals,
                actor="mair",
                at=NOW,
            )

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The questions and changes that the database gets inside the block."""
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith("PRAGMA"):
                statements.append(statement)

        event.listen(self.workspace.engine, "before_cursor_execute", note)
        yield statements
        event.remove(self.workspace.engine, "before_cursor_execute", note)


@pytest.fixture
def house(tmp_path: Path, migrated_engine: Engine) -> House:
    return House(tmp_path, migrated_engine)


def subscribed(reader: Reader | Forgotten | None) -> list[str]:
    assert isinstance(reader, Reader)
    return [one.slug for one in reader.topics if one.subscribed]


def test_a_token_that_is_nothing_never_reaches_the_database(house: House) -> None:
    """T7: whoever posts garbage cannot keep the sender from its database."""
    other = house.token(Purpose.VIEW)

    with house.counting() as statements:
        for token in ("garbled", INERT_TOKEN, other):
            assert house.preferring.reader(token) is None
            assert house.leaving.leave(token, one_click=True) is None
            assert house.preferring.leave_all(token) is None
            assert house.preferring.save(token, topics=(), language="en") is None

    assert statements == []


def test_a_token_of_somebody_erased_is_known_and_changes_nothing(house: House) -> None:
    """T7"""
    unsubscribe, preferences = (
        house.token(purpose) for purpose in (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES)
    )
    erase(house.workspace, ADDRESS, actor="mair")

    answers = [
        house.leaving.leaver(unsubscribe),
        house.preferring.reader(preferences),
        house.leaving.leave(unsubscribe, one_click=True),
        house.preferring.leave_all(preferences),
        house.preferring.save(preferences, topics=house.slugs, language="en"),
    ]

    assert answers == [Forgotten()] * len(answers)
    assert house.leaving.leave(INERT_TOKEN, one_click=True) is None


def test_ten_topics_are_shown_and_saved_in_a_few_questions(house: House) -> None:
    token = house.token(Purpose.PREFERENCES)
    gets = house.slugs[:5]

    with house.counting() as shown:
        house.preferring.reader(token)
    with house.counting() as saved:
        house.preferring.save(token, topics=gets, language="en")

    assert len(shown) <= 6
    assert len(saved) <= 8


def test_a_suppression_is_looked_for_once(house: House) -> None:
    house.suppress()
    token = house.token(Purpose.PREFERENCES)

    with house.counting() as statements:
        reader = house.preferring.save(token, topics=house.slugs, language="en")

    assert subscribed(reader) == house.slugs[:5]
    assert len([one for one in statements if "suppressions.target IN" in one]) == 1


def test_saving_changes_what_differs_and_nothing_else(house: House) -> None:
    """L1: each change has its line in the ledger, and nothing else has."""
    before = house.ledger

    reader = house.preferring.save(
        house.token(Purpose.PREFERENCES), topics=house.slugs[1:6], language="en"
    )

    assert subscribed(reader) == house.slugs[1:6]
    assert isinstance(reader, Reader)
    assert reader.language == house.person.language == "en"
    assert [(one.topic, one.status, one.source) for one in house.ledger[len(before) :]] == [
        ("topic-0", SubscriptionStatus.UNSUBSCRIBED, "preferences page"),
        ("topic-5", SubscriptionStatus.ACTIVE, "preferences page"),
    ]


@pytest.mark.parametrize("status", [SubscriptionStatus.PENDING, SubscriptionStatus.PAUSED])
def test_who_waits_or_pauses_has_not_left(house: House, status: SubscriptionStatus) -> None:
    house.set_status(status)

    there = house.leaving.leaver(house.token(Purpose.UNSUBSCRIBE))
    left = house.leaving.leave(house.token(Purpose.UNSUBSCRIBE), one_click=False)

    assert isinstance(there, Leaver)
    assert isinstance(left, Leaver)
    assert (there.is_subscribed, left.is_subscribed) == (True, False)


@pytest.mark.parametrize("status", [SubscriptionStatus.PENDING, SubscriptionStatus.PAUSED])
def test_saving_what_the_page_showed_wakes_nobody(house: House, status: SubscriptionStatus) -> None:
    house.set_status(status)
    before = house.ledger

    house.preferring.save(house.token(Purpose.PREFERENCES), topics=house.slugs[:5], language="cy")

    assert house.ledger == before


@pytest.mark.parametrize(
    ("purpose", "source"),
    [(Purpose.UNSUBSCRIBE, "unsubscribe page"), (Purpose.PREFERENCES, "preferences page")],
)
def test_leaving_everything_names_its_page(house: House, purpose: Purpose, source: str) -> None:
    before = house.ledger

    desk = house.leaving if purpose is Purpose.UNSUBSCRIBE else house.preferring
    desk.leave_all(house.token(purpose))

    new = house.ledger[len(before) :]
    assert [one.topic for one in new] == house.slugs[:5]
    assert {one.source for one in new} == {source}


def test_leaving_everything_takes_the_token_of_that_purpose_alone(house: House) -> None:
    """T2."""
    before = house.ledger

    assert house.preferring.leave_all(house.token(Purpose.UNSUBSCRIBE)) is None
    assert house.leaving.leave_all(house.token(Purpose.PREFERENCES)) is None

    assert house.ledger == before


@pytest.mark.parametrize(
    ("one_click", "source"), [(True, "one-click unsubscribe"), (False, "unsubscribe page")]
)
def test_leaving_names_how_it_was_said(house: House, one_click: bool, source: str) -> None:
    """T8."""
    leaver = house.leaving.leave(house.token(Purpose.UNSUBSCRIBE), one_click=one_click)

    assert isinstance(leaver, Leaver)
    assert leaver.topic_names == {"en": "topic-0"}
    assert (house.ledger[-1].topic, house.ledger[-1].source) == ("topic-0", source)
