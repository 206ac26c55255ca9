"""Mail that rests for a while, and goes on: what every database must do alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert, select

from newsletter.app.edition_audience import EditionAudience
from newsletter.app.freezing import freeze_audience
from newsletter.audience import leaving, pausing
from newsletter.audience.subscribers import consents_of, subscriptions_of
from newsletter.dispatch import ledger, senders
from newsletter.dispatch.due_deliveries import DueDeliveries
from newsletter.dispatch.ledger import Lease
from newsletter.dispatch.ports import SMTP
from newsletter.domain.people import Basis, Consent, Subscription, SubscriptionStatus
from newsletter.editions import store
from newsletter.storage.engine import writing
from newsletter.storage.schema import deliveries, subscriptions, topics
from tests.sending_rows import add_bulletin, add_edition, add_reader

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=10)
UNTIL = datetime(2026, 12, 5, tzinfo=UTC)
ENOUGH = UNTIL + timedelta(minutes=1)
SIAN, DAI = 1, 2
BULLETIN, PRESS, GRANTS, JOBS = 1, 2, 3, 4
ACTIVE, PAUSED = SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED
PENDING, LEFT = SubscriptionStatus.PENDING, SubscriptionStatus.UNSUBSCRIBED


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        add_bulletin(connection, NOW)
        for number, slug in ((PRESS, "press"), (GRANTS, "grants"), (JOBS, "jobs")):
            row = {"id": number, "public_id": number, "slug": slug, "names": {}, "private": False}
            connection.execute(insert(topics).values(**row, created_at=NOW))
        for person in (SIAN, DAI):
            add_reader(connection, NOW, person)
        yield connection


def subscribe(
    connection: Connection,
    topic_id: int,
    status: SubscriptionStatus,
    *,
    basis: Basis = Basis.CONSENT,
    resumes_at: datetime | None = None,
) -> None:
    row = {"subscriber_id": SIAN, "topic_id": topic_id, "status": status, "basis": basis}
    connection.execute(insert(subscriptions).values(**row, since=NOW, resumes_at=resumes_at))


def pause(connection: Connection, until: datetime = UNTIL, at: datetime = LATER) -> int:
    return pausing.pause(connection, SIAN, until, at=at)


def had(connection: Connection) -> dict[str, Subscription]:
    return {one.topic: one for one in subscriptions_of(connection, SIAN)}


def lines(connection: Connection) -> list[Consent]:
    return consents_of(connection, SIAN)


def test_a_pause_lets_all_that_is_active_rest_and_nothing_else(connection: Connection) -> None:
    subscribe(connection, PRESS, ACTIVE, basis=Basis.PUBLIC_TASK)
    subscribe(connection, GRANTS, PENDING)
    subscribe(connection, JOBS, LEFT)

    changed = pause(connection)

    assert changed == 2
    assert had(connection) == {
        "bulletin": Subscription("bulletin", PAUSED, Basis.CONSENT, NOW, UNTIL),
        "press": Subscription("press", PAUSED, Basis.PUBLIC_TASK, NOW, UNTIL),
        "grants": Subscription("grants", PENDING, Basis.CONSENT, NOW),
        "jobs": Subscription("jobs", LEFT, Basis.CONSENT, NOW),
    }
    assert [(one.topic, one.status, one.basis, one.at) for one in lines(connection)] == [
        ("bulletin", PAUSED, Basis.CONSENT, LATER),
        ("press", PAUSED, Basis.PUBLIC_TASK, LATER),
    ]
    assert {(one.source, one.actor) for one in lines(connection)} == {
        ("preferences page", "reader")
    }
    assert subscriptions_of(connection, DAI)[0].status is ACTIVE


def test_pausing_twice_is_as_good_as_once(connection: Connection) -> None:
    pause(connection)
    before = lines(connection)

    assert pause(connection, at=ENOUGH) == 0

    assert lines(connection) == before


def test_another_length_moves_the_end_but_not_of_what_rests_without_one(
    connection: Connection,
) -> None:
    subscribe(connection, PRESS, PAUSED)
    pause(connection)
    sooner = UNTIL - timedelta(days=30)

    assert pause(connection, sooner) == 1

    assert had(connection)["bulletin"].resumes_at == sooner
    assert had(connection)["press"].resumes_at is None


def test_only_the_topics_that_are_named_are_paused(connection: Connection) -> None:
    subscribe(connection, PRESS, ACTIVE)

    changed = pausing.pause(connection, SIAN, UNTIL, at=LATER, topic_ids=[PRESS])

    assert changed == 1
    assert {slug: one.status for slug, one in had(connection).items()} == {
        "bulletin": ACTIVE,
        "press": PAUSED,
    }


def test_the_person_ends_every_pause_also_one_without_an_end(connection: Connection) -> None:
    subscribe(connection, PRESS, PAUSED)
    subscribe(connection, JOBS, LEFT)
    pause(connection)

    assert pausing.resume(connection, SIAN, at=LATER) == 2
    assert pausing.resume(connection, SIAN, at=LATER) == 0

    assert {slug: one.status for slug, one in had(connection).items()} == {
        "bulletin": ACTIVE,
        "press": ACTIVE,
        "jobs": LEFT,
    }
    assert {one.resumes_at for one in had(connection).values()} == {None}
    assert (lines(connection)[-1].source, lines(connection)[-1].actor) == (
        "preferences page",
        "reader",
    )


def test_a_pause_ends_by_itself_when_its_time_is_over_and_not_before(
    connection: Connection,
) -> None:
    pause(connection)
    early = UNTIL - timedelta(seconds=1)

    assert not pausing.is_any_over(connection, early)
    assert pausing.resume_due(connection, early) == 0
    assert pausing.is_any_over(connection, UNTIL)
    assert pausing.resume_due(connection, UNTIL) == 1
    assert pausing.resume_due(connection, UNTIL) == 0

    assert had(connection)["bulletin"] == Subscription("bulletin", ACTIVE, Basis.CONSENT, NOW)
    last = lines(connection)[-1]
    assert (last.status, last.source, last.actor, last.at) == (
        ACTIVE,
        "pause over",
        "pause over",
        UNTIL,
    )


def test_a_pause_without_an_end_does_not_end_by_itself(connection: Connection) -> None:
    subscribe(connection, PRESS, PAUSED)

    assert not pausing.is_any_over(connection, ENOUGH)
    assert pausing.resume_due(connection, ENOUGH) == 0
    assert had(connection)["press"].status is PAUSED


def test_who_leaves_while_pausing_stays_away_when_the_pause_is_over(
    connection: Connection,
) -> None:
    pause(connection)
    leaving.leave_all(connection, SIAN, source="unsubscribe page", actor="reader", at=LATER)

    assert pausing.resume_due(connection, ENOUGH) == 0

    assert had(connection)["bulletin"].status is LEFT


def test_who_pauses_after_the_freeze_is_skipped_and_gets_the_next_edition(
    connection: Connection,
) -> None:
    """A7."""
    everyone = EditionAudience(BULLETIN, ("en",), None)
    lease = Lease(senders.register(connection, "one.journal", NOW), SMTP)
    add_edition(connection, NOW)
    add_edition(connection, NOW, 2, slug="2026-11")
    add_edition(connection, NOW, 3, slug="2026-12")
    frozen = freeze_audience(connection, store.edition(connection, "2026-10"), everyone)

    pause(connection)
    first = ledger.claim(connection, DueDeliveries(1), LATER, 100, lease)
    meanwhile = freeze_audience(connection, store.edition(connection, "2026-11"), everyone)
    pausing.resume_due(connection, ENOUGH)
    next_one = freeze_audience(connection, store.edition(connection, "2026-12"), everyone)

    assert (frozen, meanwhile, next_one) == (2, 1, 2)
    assert [claim.address for claim in first.claims] == ["reader2@example.org"]
    of_first = select(deliveries.c.state, deliveries.c.reason).where(
        deliveries.c.edition_id == 1, deliveries.c.subscriber_id == SIAN
    )
    assert tuple(connection.execute(of_first).one()) == ("skipped", "paused")


def test_what_is_over_is_found_by_an_index(sqlite_engine: Engine) -> None:
    """A million subscriptions must not be looked through each minute."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        statements.append((statement, values))

    with writing(sqlite_engine) as connection:
        event.listen(connection, "before_cursor_execute", note)
        pausing.is_any_over(connection, NOW)
        pausing.resume_due(connection, NOW)
        event.remove(connection, "before_cursor_execute", note)
        plans = [
            str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())
            for statement, values in statements
        ]

    assert len(plans) == 3
    for plan in plans:
        assert "INDEX ix_subscriptions_topic_id_status (topic_id=? AND status=?)" in plan
        assert "SCAN subscriptions" not in plan
