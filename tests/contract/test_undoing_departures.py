"""Taking a departure back gives exactly what it took, for a day, to who left by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, select

from newsletter.audience import import_records, joining, leaving, subscribers, suppressions
from newsletter.audience.arrivals import Arrival, Facts, Wish
from newsletter.audience.consent_ledger import write_subscriptions
from newsletter.audience.grounds import Grounds
from newsletter.audience.leaving_reasons import count_reasons, give_reason
from newsletter.audience.merging import Merger
from newsletter.audience.person import Person
from newsletter.audience.suppressed_targets import parse_target
from newsletter.audience.suppressions import NewSuppression
from newsletter.audience.topics import add_topic
from newsletter.audience.undoing import subscribers_of, undo_subscriptions
from newsletter.audience.undoing_departures import can_undo, undo
from newsletter.domain.people import (
    READER,
    Basis,
    Consent,
    ConsentSource,
    Subscriber,
    Subscription,
    SubscriptionStatus,
    SuppressionReason,
    Topic,
)
from newsletter.domain.requests import LeavingReason
from newsletter.mail.addresses import parse_address
from newsletter.storage.engine import writing
from newsletter.storage.schema import leaving_reasons
from tests.builders import some_seals

JOINED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEFT = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
SOON = LEFT + timedelta(minutes=5)
MAIR = "mair@example.org"
STATUSES = [SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED, SubscriptionStatus.PENDING]
BY_STAFF = Grounds(Basis.PUBLIC_TASK, ConsentSource.STAFF_ADD, None, "staff", JOINED)


class House:
    """Three topics, and one person who has had the first two since March."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.topics = [self._topic(slug) for slug in ("bulletin", "events", "jobs")]
        for topic in self.topics[:2]:
            joining.add_people(
                connection,
                [Person(parse_address(MAIR))],
                topic,
                BY_STAFF,
                default_language="cy",
                seals=some_seals(),
            )

    def _topic(self, slug: str) -> Topic:
        return add_topic(
            self.connection, slug, names={"en": slug}, private=False, actor="staff", now=JOINED
        )

    @property
    def person(self) -> Subscriber:
        return subscribers.subscriber(self.connection, MAIR)

    @property
    def subscriptions(self) -> dict[str, Subscription]:
        found = subscribers.subscriptions_of(self.connection, self.person.id)
        return {one.topic: one for one in found}

    @property
    def ledger(self) -> list[Consent]:
        return subscribers.consents_of(self.connection, self.person.id)

    def leave(
        self,
        number: int = 0,
        *,
        source: str = ConsentSource.ONE_CLICK,
        actor: str = READER,
        at: datetime = LEFT,
    ) -> None:
        topic = self.topics[number]
        leaving.leave(self.connection, self.person.id, topic.id, source=source, actor=actor, at=at)

    def leave_all(self, at: datetime = LEFT) -> None:
        source = ConsentSource.UNSUBSCRIBE_PAGE
        leaving.leave_all(self.connection, self.person.id, source=source, actor=READER, at=at)

    def undo(self, number: int | None = 0, *, at: datetime = SOON) -> int:
        topic = None if number is None else self.topics[number].id
        offered = can_undo(self.connection, self.person, topic, seals=some_seals(), at=at)
        done = undo(self.connection, self.person, topic, seals=some_seals(), at=at)
        assert offered == bool(done)
        return done

    def set(self, status: SubscriptionStatus, resumes_at: datetime | None = None) -> None:
        grounds = Grounds(Basis.CONSENT, ConsentSource.PREFERENCES_PAGE, None, READER, JOINED)
        topic = self.topics[0].id
        write_subscriptions(
            self.connection, [self.person.id], topic, status, grounds, resumes_at=resumes_at
        )

    def suppress(self, target: str) -> None:
        suppressions.suppress(
            self.connection,
            NewSuppression(parse_target(target), SuppressionReason.COMPLAINT),
            some_seals(),
            actor="staff",
            at=LEFT,
        )

    def import_list(self) -> int:
        """Brings somebody else's list of the third topic in, with Mair on it."""
        topic = self.topics[2]
        record = import_records.begin(
            self.connection, topic_id=topic.id, file="f", fingerprint="f", actor="staff", at=JOINED
        )
        wish = Wish(topic.id, SubscriptionStatus.ACTIVE, Basis.CONSENT, JOINED, "import of f")
        arrival = Arrival(MAIR, MAIR, Facts(), (wish,))
        Merger("staff", JOINED, "en", some_seals(), record.id).merge(self.connection, [arrival])
        import_records.finish(self.connection, record.id, record.counts, JOINED)
        return record.id

    def undo_import(self, import_id: int) -> None:
        ids = subscribers_of(self.connection, import_id, 0, 100)
        undo_subscriptions(self.connection, import_id, ids, actor="staff", at=LEFT)
        import_records.mark_undone(self.connection, import_id, LEFT)


@pytest.fixture
def house(migrated_engine: Engine) -> Iterator[House]:
    with writing(migrated_engine) as connection:
        yield House(connection)


@pytest.mark.parametrize("status", STATUSES)
def test_who_takes_it_back_has_exactly_what_they_had(
    house: House, status: SubscriptionStatus
) -> None:
    """T8: a pause ends when it would have, and who had yet to confirm still has."""
    is_paused = status is SubscriptionStatus.PAUSED
    house.set(status, LEFT + timedelta(days=60) if is_paused else None)
    before = house.subscriptions
    house.leave()

    assert house.undo() == 1

    assert house.subscriptions == before


def test_taking_it_back_is_a_line_of_the_ledger(house: House) -> None:
    """L1."""
    house.leave()
    before = house.ledger

    house.undo()

    (line,) = house.ledger[len(before) :]
    assert (line.topic, line.status, line.basis) == (
        "bulletin",
        SubscriptionStatus.ACTIVE,
        Basis.PUBLIC_TASK,
    )
    assert (line.source, line.actor, line.at) == ("leaving undone", "reader", SOON)


def test_everything_that_one_press_took_comes_back(house: House) -> None:
    before = house.subscriptions
    house.leave_all()

    assert house.undo(None) == 2

    assert house.subscriptions == before


def test_the_page_of_one_topic_takes_the_press_back_that_took_that_topic(house: House) -> None:
    before = house.subscriptions
    house.leave_all()

    assert house.undo(1) == 2

    assert house.subscriptions == before


def test_what_was_left_by_itself_before_everything_stays_left(house: House) -> None:
    house.leave(0)
    house.leave_all(LEFT + timedelta(seconds=1))

    assert house.undo(None) == 1

    assert house.subscriptions["bulletin"].status is SubscriptionStatus.UNSUBSCRIBED
    assert house.subscriptions["events"].status is SubscriptionStatus.ACTIVE


def test_one_topic_comes_back_without_another_that_was_left_apart(house: House) -> None:
    house.leave(0)
    house.leave(1, at=LEFT + timedelta(seconds=1))

    assert house.undo(0) == 1

    assert house.subscriptions["bulletin"].status is SubscriptionStatus.ACTIVE
    assert house.subscriptions["events"].status is SubscriptionStatus.UNSUBSCRIBED


def test_leaving_again_after_that_can_be_taken_back_as_well(house: House) -> None:
    before = house.subscriptions
    house.leave()
    house.undo()
    house.leave(at=SOON + timedelta(seconds=1))

    assert house.undo(at=SOON + timedelta(seconds=2)) == 1

    assert house.subscriptions["bulletin"].status is before["bulletin"].status


def test_a_second_time_does_nothing(house: House) -> None:
    house.leave()
    house.undo()
    before = house.ledger

    assert house.undo() == 0

    assert house.ledger == before


@pytest.mark.parametrize(("late", "given_back"), [(timedelta(0), 0), (timedelta(seconds=1), 1)])
def test_there_is_a_day_for_it(house: House, late: timedelta, given_back: int) -> None:
    house.leave()

    assert house.undo(at=LEFT + timedelta(hours=24) - late) == given_back


@pytest.mark.parametrize("target", [MAIR, "@example.org"])
def test_a_suppressed_address_gets_nothing_back(house: House, target: str) -> None:
    house.leave()
    house.suppress(target)

    assert house.undo() == 0


@pytest.mark.parametrize(
    ("source", "actor"),
    [
        (ConsentSource.STAFF_UNSUBSCRIBE, "staff"),
        (ConsentSource.PREFERENCES_PAGE, READER),
        (ConsentSource.ONE_CLICK, "staff"),
    ],
)
def test_what_was_not_said_at_these_pages_is_not_taken_back(
    house: House, source: str, actor: str
) -> None:
    house.leave(source=source, actor=actor)

    assert house.undo() == 0
    assert house.undo(None) == 0


def test_a_topic_that_was_never_had_is_not_given(house: House) -> None:
    house.leave_all()

    assert house.undo(2) == 0


def test_a_list_that_was_taken_back_meanwhile_brings_nobody_back(house: House) -> None:
    import_id = house.import_list()
    house.leave(2)
    house.undo_import(import_id)

    assert house.undo(2) == 0

    assert house.subscriptions["jobs"].status is SubscriptionStatus.UNSUBSCRIBED


def test_who_left_after_their_list_was_taken_back_has_nothing_to_get(house: House) -> None:
    house.undo_import(house.import_list())
    house.leave(2)

    assert house.undo(2) == 0


def test_a_reason_is_kept_of_who_has_left_and_the_last_one_counts(house: House) -> None:
    house.leave()
    said = [LeavingReason.TOO_OFTEN, LeavingReason.OTHER]
    topic, person = house.topics[0].id, house.person.id

    noted = [give_reason(house.connection, person, topic, one, at=SOON) for one in said]

    assert noted == [True, True]
    counted = count_reasons(house.connection, topic)
    assert counted == {one: int(one is LeavingReason.OTHER) for one in LeavingReason}


def test_a_reason_of_somebody_who_has_not_left_is_not_kept(house: House) -> None:
    topic, person = house.topics[0].id, house.person.id

    assert not give_reason(house.connection, person, topic, LeavingReason.OTHER, at=SOON)

    assert sum(count_reasons(house.connection, topic).values()) == 0


def test_a_reason_goes_with_the_departure_that_is_taken_back(house: House) -> None:
    house.leave(0)
    house.leave(1, at=LEFT + timedelta(seconds=1))
    for topic in house.topics[:2]:
        give_reason(house.connection, house.person.id, topic.id, LeavingReason.TOO_OFTEN, at=SOON)

    house.undo(0)

    kept = house.connection.execute(select(leaving_reasons.c.topic_id)).scalars().all()
    assert kept == [house.topics[1].id]
