"""Erasing and retention on a migrated database: people go, totals and everybody else stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from newsletter.audience import lapsing, subscribers, topics
from newsletter.audience.consent_ledger import write_subscriptions
from newsletter.audience.erasure import forget_people, seal_address
from newsletter.audience.grounds import Grounds
from newsletter.audience.joining import add_people
from newsletter.audience.judging import Joined
from newsletter.audience.person import Person
from newsletter.audience.suppressed_targets import parse_target
from newsletter.audience.suppressions import (
    NewSuppression,
    all_suppressions,
    find_suppression,
    suppress,
)
from newsletter.dispatch import ledger, retiring, senders, totals
from newsletter.dispatch.claims import Claim
from newsletter.dispatch.due_deliveries import DueDeliveries
from newsletter.dispatch.forgetting import forget_recipients
from newsletter.dispatch.ledger import Lease
from newsletter.dispatch.patience import Patience
from newsletter.dispatch.ports import SMTP
from newsletter.dispatch.recording import Told, record
from newsletter.domain.deliveries import DeliveryState, Outcome
from newsletter.domain.people import (
    Basis,
    ConsentSource,
    Subscriber,
    SubscriptionStatus,
    SuppressionReason,
    Topic,
)
from newsletter.mail.addresses import parse_address
from newsletter.storage.engine import writing
from newsletter.storage.schema import (
    consents,
    deliveries,
    delivery_attempts,
    editions,
    handles,
    subscriptions,
)
from newsletter.storage.schema import subscribers as people_rows
from tests.builders import some_seals

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=60)
SEALS = some_seals()
BY_HAND = Grounds(Basis.CONSENT, "letter from Dai", None, "mair", NOW, "192.0.2.7")
PATIENCE = Patience(timedelta(minutes=30), expire_after=timedelta(hours=72), chance=lambda: 0)
ADDRESSES = ("dai@example.org", "eleri@example.org", "sian@example.org")


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        yield connection


@pytest.fixture
def bulletin(connection: Connection) -> Topic:
    topic = topics.add_topic(
        connection, "bulletin", names={"en": "B"}, private=False, actor="mair", now=NOW
    )
    add(connection, topic, *ADDRESSES)
    return topic


def add(connection: Connection, topic: Topic, *addresses: str) -> list[Joined]:
    everyone = [Person(parse_address(address), "Dai") for address in addresses]
    return add_people(connection, everyone, topic, BY_HAND, default_language="en", seals=SEALS)


def person(connection: Connection, address: str = ADDRESSES[0]) -> Subscriber:
    return subscribers.subscriber(connection, address)


def erase(connection: Connection, address: str = ADDRESSES[0]) -> None:
    its_id = person(connection, address).id
    forget_recipients(connection, [its_id], LATER)
    forget_people(connection, [its_id])
    seal_address(connection, address, SEALS, at=LATER)


def known_of(connection: Connection, address: str) -> tuple[object, ...]:
    somebody = person(connection, address)
    return (
        somebody,
        subscribers.by_handle(connection, somebody.handle),
        subscribers.subscriptions_of(connection, somebody.id),
        subscribers.consents_of(connection, somebody.id),
        find_suppression(connection, somebody.canonical, SEALS),
        delivery_rows(connection, somebody.id),
    )


def delivery_rows(connection: Connection, subscriber_id: int | None) -> Sequence[Row[Any]]:
    query = select(deliveries).where(deliveries.c.subscriber_id.is_not_distinct_from(subscriber_id))
    return connection.execute(query.order_by(deliveries.c.id)).all()


def deliver(
    connection: Connection,
    state: DeliveryState,
    address: str = ADDRESSES[0],
    *,
    edition: int = 1,
    at: datetime = NOW,
) -> None:
    if not connection.execute(select(editions).where(editions.c.id == edition)).first():
        connection.execute(
            insert(editions).values(
                id=edition,
                public_id=edition,
                slug=f"e-{edition}",
                topic_id=topics.topic(connection, "bulletin").id,
                state="complete",
                revision=1,
                source_file="",
                source_digest="",
                created_at=NOW - timedelta(days=3),
            )
        )
    connection.execute(
        insert(deliveries).values(
            edition_id=edition,
            subscriber_id=person(connection, address).id,
            language="en",
            format="html",
            variant="",
            state=state,
            reason="suppressed" if state is DeliveryState.SKIPPED else None,
            attempts=1,
            reply=f"250 {address} is here",
            updated_at=at,
        )
    )


# Erasing


def test_nothing_of_an_erased_person_is_left(connection: Connection, bulletin: Topic) -> None:
    """L4"""
    deliver(connection, DeliveryState.ACCEPTED)
    handle = person(connection).handle

    erase(connection)

    assert subscribers.find(connection, ADDRESSES[0]) is None
    assert subscribers.by_handle(connection, handle) is None
    assert len(connection.execute(select(handles)).all()) == len(ADDRESSES) - 1
    line = connection.execute(select(consents).where(consents.c.subscriber_id.is_(None))).one()
    assert (line.ip, line.source, line.basis, line.status) == (None, "", "consent", "active")
    (row,) = delivery_rows(connection, None)
    assert (row.state, row.reply) == (DeliveryState.ACCEPTED, None)


people_of_all_kinds = st.lists(
    st.tuples(
        st.sampled_from(SubscriptionStatus),
        st.sampled_from(DeliveryState),
        st.booleans(),  # whether they are suppressed
    ),
    min_size=2,
    max_size=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(kinds=people_of_all_kinds, data=st.data())
def test_erasing_one_of_several_people_changes_nobody_else(
    connection: Connection,
    bulletin: Topic,
    kinds: list[tuple[SubscriptionStatus, DeliveryState, bool]],
    data: st.DataObject,
) -> None:
    # Addresses of which one is the beginning or the end of another.
    addresses = [f"{'a' * (number + 1)}@example.org" for number in range(len(kinds))]
    with connection.begin_nested() as example:
        add(connection, bulletin, *addresses)
        for address, (status, state, is_suppressed) in zip(addresses, kinds, strict=True):
            its_id = person(connection, address).id
            write_subscriptions(connection, [its_id], bulletin.id, status, BY_HAND)
            deliver(connection, state, address)
            if is_suppressed:
                new = NewSuppression(parse_target(address), SuppressionReason.MANUAL)
                suppress(connection, new, SEALS, actor="mair", at=NOW)
        erased = data.draw(st.sampled_from(addresses))
        others = [address for address in addresses if address != erased]
        before = [known_of(connection, address) for address in others]

        erase(connection, erased)

        assert [known_of(connection, address) for address in others] == before
        assert sum(totals.counts(connection, 1).values()) == len(addresses)
        example.rollback()


def test_our_own_words_about_where_somebody_came_from_stay(
    connection: Connection, bulletin: Topic
) -> None:
    grounds = Grounds(Basis.CONSENT, ConsentSource.STAFF_ADD, None, "mair", NOW)
    active = SubscriptionStatus.ACTIVE
    write_subscriptions(connection, [person(connection).id], bulletin.id, active, grounds)

    erase(connection)

    query = select(consents.c.source).where(consents.c.subscriber_id.is_(None))
    assert sorted(connection.execute(query).scalars()) == ["", ConsentSource.STAFF_ADD]


@pytest.mark.usefixtures("bulletin")
def test_the_totals_of_an_edition_add_up_after_an_erasure(connection: Connection) -> None:
    for state, address in zip(
        (DeliveryState.ACCEPTED, DeliveryState.PENDING, DeliveryState.FAILED),
        ADDRESSES,
        strict=True,
    ):
        deliver(connection, state, address)

    for address in ADDRESSES:
        erase(connection, address)

    found = {state: number for state, number in totals.counts(connection, 1).items() if number}
    assert found == {
        DeliveryState.ACCEPTED: 1,
        DeliveryState.FAILED: 1,
        DeliveryState.SKIPPED: 1,
    }
    assert {row.reason for row in delivery_rows(connection, None)} == {None, "erased"}


@pytest.mark.usefixtures("bulletin")
@pytest.mark.parametrize(
    ("answered", "state", "reason"),
    [
        (DeliveryState.ACCEPTED, DeliveryState.ACCEPTED, None),
        (DeliveryState.DEFERRED, DeliveryState.SKIPPED, "erased"),
        (None, DeliveryState.SKIPPED, "erased"),
    ],
)
def test_what_a_sender_had_in_its_hands_ends_without_a_word_about_the_person(
    connection: Connection, answered: DeliveryState | None, state: DeliveryState, reason: str | None
) -> None:
    deliver(connection, DeliveryState.PENDING)
    connection.execute(update(editions).values(state="sending"))
    lease = Lease(senders.register(connection, "one.journal", NOW), SMTP)
    (claim,) = ledger.claim(connection, DueDeliveries(1), NOW, 10, lease).claims
    erase(connection)

    _answer(connection, claim, lease, answered)

    (row,) = delivery_rows(connection, None)
    assert (row.state, row.reason, row.reply, row.next_attempt_at) == (state, reason, None, None)
    assert not totals.is_open(connection, 1)


def _answer(
    connection: Connection, claim: Claim, lease: Lease, answered: DeliveryState | None
) -> None:
    if answered is None:
        ledger.release(connection, [claim.delivery_id], lease.sender_id, LATER)
        return
    outcome = Outcome(answered, 250, None, f"hello {ADDRESSES[0]}")
    record(connection, [Told(*claim.key, outcome, LATER)], lease, PATIENCE)
    assert connection.execute(select(delivery_attempts.c.reply)).scalar_one() is None


def test_an_erased_person_cannot_be_added_again(connection: Connection, bulletin: Topic) -> None:
    """L4, B6"""
    erase(connection)

    assert add(connection, bulletin, "Dai@Example.org") == [Joined.SUPPRESSED]


@pytest.mark.usefixtures("bulletin")
def test_a_seal_tells_why_and_when_and_not_who(connection: Connection) -> None:
    new = NewSuppression(
        parse_target(ADDRESSES[0]), SuppressionReason.COMPLAINT, f"letter of {ADDRESSES[0]}"
    )
    suppress(connection, new, SEALS, actor="mair", at=NOW)

    erase(connection)

    (seal,) = all_suppressions(connection)
    assert seal.target == SEALS.seal(ADDRESSES[0])
    assert seal.evidence == ("erased on 2026-12-04; was suppressed on 2026-10-05: complaint")
    assert not seal_address(connection, ADDRESSES[0], SEALS, at=LATER)


# Retention


def test_old_rows_go_and_the_totals_stay_as_they_were(
    connection: Connection, bulletin: Topic
) -> None:
    """L6"""
    states = (DeliveryState.ACCEPTED, DeliveryState.ACCEPTED, DeliveryState.SKIPPED)
    for state, address in zip(states, ADDRESSES, strict=True):
        deliver(connection, state, address)
    before = totals.counts(connection, 1)

    (edition,) = retiring.old_editions(connection, LATER)
    slices = [retiring.retire_slice(connection, edition, 2) for _ in range(3)]

    assert slices == [2, 1, 0]
    assert totals.counts(connection, 1) == before
    assert connection.execute(select(deliveries)).all() == []
    assert retiring.old_editions(connection, LATER) == []
    assert ledger.transports_used(connection, 1) == {SMTP}  # it is not sent once more


@pytest.mark.usefixtures("bulletin")
@pytest.mark.parametrize("changed", ["state", "updated_at"])
def test_an_edition_that_goes_on_or_changed_of_late_keeps_its_rows(
    connection: Connection, changed: str
) -> None:
    deliver(connection, DeliveryState.FAILED)
    if changed == "state":
        connection.execute(update(editions).values(state="sending"))
    else:
        deliver(connection, DeliveryState.ACCEPTED, ADDRESSES[1], at=LATER)

    assert retiring.old_editions(connection, LATER) == []


def test_old_addresses_of_machines_are_found_and_blanked(
    connection: Connection, bulletin: Topic
) -> None:
    ids = [row.id for row in connection.execute(lapsing.old_ips(LATER))]

    assert connection.execute(lapsing.old_ips(NOW)).all() == []
    assert lapsing.blank_ips(connection, ids) == len(ADDRESSES)
    assert connection.execute(lapsing.old_ips(LATER)).all() == []


def test_what_nobody_confirmed_goes_with_whoever_has_nothing_else(
    connection: Connection, bulletin: Topic
) -> None:
    """L6: one waits and has nothing else, one has another topic, one has confirmed meanwhile."""
    waiting = [person(connection, address).id for address in ADDRESSES]
    write_subscriptions(connection, waiting, bulletin.id, SubscriptionStatus.PENDING, BY_HAND)
    other = topics.add_topic(
        connection, "events", names={"en": "E"}, private=False, actor="mair", now=NOW
    )
    add(connection, other, ADDRESSES[1])
    write_subscriptions(connection, waiting[2:], bulletin.id, SubscriptionStatus.ACTIVE, BY_HAND)

    removed = lapsing.remove_unconfirmed(connection, waiting, LATER, LATER)

    assert removed == 2
    assert subscribers.find(connection, ADDRESSES[0]) is None
    stays = person(connection, ADDRESSES[1])
    assert [one.topic for one in subscribers.subscriptions_of(connection, stays.id)] == ["events"]
    last = subscribers.consents_of(connection, stays.id)[-1]
    assert (last.topic, last.status, last.source) == ("bulletin", None, "retention")
    confirmed = subscribers.subscriptions_of(connection, waiting[2])
    assert [one.status for one in confirmed] == [SubscriptionStatus.ACTIVE]
    assert add(connection, bulletin, ADDRESSES[0]) == [Joined.ADDED]


def test_people_without_any_subscription_go_unless_a_delivery_is_theirs(
    connection: Connection, bulletin: Topic
) -> None:
    ids = [person(connection, address).id for address in ADDRESSES]
    write_subscriptions(connection, ids[:2], bulletin.id, SubscriptionStatus.PENDING, BY_HAND)
    deliver(connection, DeliveryState.ACCEPTED, ADDRESSES[1])
    stray = add_stray(connection, "stray@example.org")

    lapsing.remove_unconfirmed(connection, ids[1:2], LATER, NOW)

    found = [row.id for row in connection.execute(lapsing.without_subscription(LATER))]
    assert found == [stray]
    retiring_too = lapsing.without_subscription(LATER, [1])
    assert [row.id for row in connection.execute(retiring_too)] == [ids[1], stray]
    assert lapsing.remove_without_subscription(connection, [*ids, stray], LATER) == 1
    assert person(connection, ADDRESSES[1]).id == ids[1]
    assert connection.execute(lapsing.without_subscription(NOW, [1])).all() == []


def test_whoever_lost_their_subscription_of_late_stays_for_now(
    connection: Connection, bulletin: Topic
) -> None:
    its_id = person(connection).id
    undone = Grounds(Basis.CONSENT, ConsentSource.IMPORT_UNDONE, None, "mair", LATER)
    write_subscriptions(connection, [its_id], bulletin.id, SubscriptionStatus.PENDING, undone)
    connection.execute(delete(subscriptions).where(subscriptions.c.subscriber_id == its_id))

    found = [
        connection.execute(lapsing.without_subscription(before)).all()
        for before in (LATER, LATER + timedelta(seconds=1))
    ]

    assert [[row.id for row in rows] for rows in found] == [[], [its_id]]


def add_stray(connection: Connection, address: str) -> int:
    row = insert(people_rows).values(
        handle=5,
        address=address,
        canonical=address,
        name="",
        language="en",
        format="html",
        attributes={},
        created_at=NOW,
    )
    its_id: int = connection.execute(row.returning(people_rows.c.id)).scalar_one()
    return its_id
