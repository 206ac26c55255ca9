"""Departures and suppressions outlast whatever told of them first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine

from newsletter.audience import import_records, leaving, subscribers
from newsletter.audience.arrivals import Arrival, Facts, Suppressing, Wish
from newsletter.audience.merging import Merger
from newsletter.audience.suppressions import find_suppression
from newsletter.audience.topics import add_topic
from newsletter.audience.undoing import subscribers_of, undo_subscriptions, undo_suppressions
from newsletter.domain.people import Basis, SubscriptionStatus, SuppressionReason, Topic
from newsletter.storage.engine import writing
from tests.builders import some_seals

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
DAI = "dai@example.org"
ACTIVE, LEFT = SubscriptionStatus.ACTIVE, SubscriptionStatus.UNSUBSCRIBED


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        yield connection


class List:
    """Imports of one topic, each of one row about Dai."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.topic: Topic = add_topic(
            connection, "bulletin", names={"en": "B"}, private=False, actor="mair", now=NOW
        )

    def says(
        self, file: str, status: SubscriptionStatus, *, day: int = 0, cleaned: bool = False
    ) -> int:
        record = import_records.begin(
            self.connection,
            topic_id=self.topic.id,
            file=file,
            fingerprint=file,
            actor="mair",
            at=NOW,
        )
        since = NOW - timedelta(days=day)
        wish = Wish(self.topic.id, status, Basis.CONSENT, since, f"import of {file}")
        why = Suppressing(SuppressionReason.IMPORTED, "cleaned", since) if cleaned else None
        is_final = cleaned or status is LEFT
        arrival = Arrival(DAI, DAI, Facts(), (wish,), suppressing=why, is_final=is_final)
        Merger("mair", NOW, "en", some_seals(), record.id).merge(self.connection, [arrival])
        import_records.finish(self.connection, record.id, record.counts, NOW)
        return record.id

    def undo(self, import_id: int) -> None:
        ids = subscribers_of(self.connection, import_id, 0, 100)
        undo_subscriptions(self.connection, import_id, ids, actor="mair", at=NOW)
        undo_suppressions(self.connection, import_id)
        import_records.mark_undone(self.connection, import_id, NOW)

    def leave(self) -> bool:
        person = subscribers.subscriber(self.connection, DAI)
        return leaving.leave(
            self.connection, person.id, self.topic.id, source="page", actor="reader", at=NOW
        )

    @property
    def status(self) -> SubscriptionStatus | None:
        person = subscribers.subscriber(self.connection, DAI)
        found = subscribers.subscriptions_of(self.connection, person.id)
        return found[0].status if found else None


@pytest.fixture
def bulletin(connection: Connection) -> List:
    return List(connection)


def test_who_leaves_after_an_undone_import_is_not_brought_in_by_the_next(bulletin: List) -> None:
    """T7: mail went out meanwhile, and its link is pressed."""
    bulletin.undo(bulletin.says("wrong.csv", ACTIVE))

    assert bulletin.leave()
    bulletin.says("again.csv", ACTIVE)

    assert bulletin.status is LEFT


def test_who_says_themselves_what_a_list_had_said_has_left_whatever_becomes_of_the_list(
    bulletin: List,
) -> None:
    bulletin.says("list.csv", ACTIVE)
    unsubscribed = bulletin.says("unsubscribed.csv", LEFT)

    assert [bulletin.leave(), bulletin.leave()] == [True, False]
    bulletin.undo(unsubscribed)

    assert bulletin.status is LEFT


def test_who_left_by_two_lists_has_left_when_one_is_taken_back(bulletin: List) -> None:
    bulletin.says("list.csv", ACTIVE)
    first = bulletin.says("first.csv", LEFT, day=9)
    bulletin.says("second.csv", LEFT, day=8)

    bulletin.undo(first)

    assert bulletin.status is LEFT


def test_the_same_list_again_adds_no_line(bulletin: List) -> None:
    bulletin.says("list.csv", LEFT, day=9)
    person = subscribers.subscriber(bulletin.connection, DAI)

    bulletin.says("list.csv", LEFT, day=9)

    assert len(subscribers.consents_of(bulletin.connection, person.id)) == 1


def test_an_address_cleaned_by_two_lists_stays_suppressed_when_one_is_taken_back(
    bulletin: List,
) -> None:
    first = bulletin.says("first.csv", ACTIVE, cleaned=True)
    bulletin.says("second.csv", ACTIVE, cleaned=True)

    bulletin.undo(first)

    assert find_suppression(bulletin.connection, DAI, some_seals()) is not None


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_imports_taken_back_in_any_order_leave_nobody_subscribed(
    bulletin: List, order: tuple[int, int]
) -> None:
    ids = [bulletin.says("list.csv", ACTIVE), bulletin.says("left.csv", LEFT)]

    for place in order:
        bulletin.undo(ids[place])

    assert bulletin.status is None
