"""The delivery ledger on a real database: who is next, what became of each, totals that add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from newsletter.app.edition_audience import EditionAudience, SegmentOfVariants
from newsletter.app.freezing import freeze_audience
from newsletter.dispatch import ledger, recording, senders, totals
from newsletter.dispatch.claims import Claim
from newsletter.dispatch.due_deliveries import DueDeliveries, no_longer_wanted
from newsletter.dispatch.journal_records import JournalContent
from newsletter.dispatch.ledger import Lease
from newsletter.dispatch.patience import Patience
from newsletter.dispatch.ports import SMTP
from newsletter.dispatch.recording import Told
from newsletter.dispatch.recovery import Terms, settle
from newsletter.domain.deliveries import DeliveryState, Outcome
from newsletter.domain.people import MailFormat
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.storage.engine import writing
from newsletter.storage.schema import (
    deliveries,
    delivery_attempts,
    subscribers,
    subscriptions,
    suppressions,
)
from tests.sending_rows import add_bulletin, add_edition, add_reader

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
PATIENCE = Patience(timedelta(minutes=30), expire_after=timedelta(hours=72), chance=lambda: 0)
PEOPLE = {1: "en", 2: "cy", 3: "de", 4: "en"}
LEASE = Lease(sender_id=1, transport=SMTP)
EVERYONE = EditionAudience(1, ("en", "cy"), None)


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        add_bulletin(connection, NOW)
        add_edition(connection, NOW)
        for number, language in PEOPLE.items():
            add_reader(connection, NOW, number, language)
        assert senders.register(connection, "one.journal", NOW) == LEASE.sender_id
        yield connection


def _edition(connection: Connection) -> StoredEdition:
    return store.edition(connection, "2026-10")


def _freeze(connection: Connection) -> int:
    return freeze_audience(connection, _edition(connection), EVERYONE)


def _claims(connection: Connection, now: datetime = NOW) -> tuple[Claim, ...]:
    return ledger.claim(connection, DueDeliveries(1), now, 100, LEASE).claims


def _outcome(state: DeliveryState) -> Outcome:
    return Outcome(state, 250, None, "as it happened")


def _record(connection: Connection, claim: Claim, state: DeliveryState, now: datetime) -> None:
    told = Told(*claim.key, _outcome(state), now, claim.first_attempt_at)
    recording.record(connection, [told], LEASE, PATIENCE)


def _release(connection: Connection, claims: Sequence[Claim]) -> None:
    ids = [claim.delivery_id for claim in claims]
    ledger.release(connection, ids, LEASE.sender_id, NOW)


def _states(connection: Connection) -> list[str]:
    query = select(deliveries.c.state).order_by(deliveries.c.id)
    return list(connection.execute(query).scalars())


def _attempts(connection: Connection) -> list[tuple[int, int, str]]:
    columns = delivery_attempts.c["delivery_id", "number", "state"]
    rows = connection.execute(select(*columns).order_by("delivery_id", "number"))
    return [(row.delivery_id, row.number, row.state) for row in rows]


def test_freezing_writes_one_delivery_for_each_reader_in_their_language(
    connection: Connection,
) -> None:
    assert _freeze(connection) == len(PEOPLE)

    rows = connection.execute(select(deliveries.c.subscriber_id, deliveries.c.language)).all()
    assert dict(rows) == {1: "en", 2: "cy", 3: "en", 4: "en"}


def test_freezing_gives_each_reader_the_variant_of_their_segments_in_their_language(
    connection: Connection,
) -> None:
    """Reader 3, who reads no language of the edition, gets its first."""
    audience = EditionAudience(
        1,
        ("en", "cy"),
        subscribers.c.id > 1,
        (
            SegmentOfVariants("a", ("en", "cy"), subscribers.c.id.in_([1, 2, 3])),
            SegmentOfVariants("b", ("en",), subscribers.c.id.in_([2, 3])),
        ),
    )

    number = freeze_audience(connection, _edition(connection), audience)

    columns = deliveries.c["subscriber_id", "language", "variant"]
    rows = connection.execute(select(*columns).order_by(deliveries.c.id)).all()
    assert number == 3
    assert rows == [(2, "cy", "a"), (3, "en", "a,b"), (4, "en", "")]


def test_a_claim_carries_the_form_of_the_freeze_and_what_is_known_now(
    connection: Connection,
) -> None:
    reader = update(subscribers).where(subscribers.c.id == 2)
    connection.execute(reader.values(format="text"))
    _freeze(connection)
    connection.execute(reader.values(format="html", name="Siân", attributes={"county": "Powys"}))

    claim = _claims(connection)[1]

    assert (claim.language, claim.variant, claim.format) == ("cy", "", MailFormat.TEXT)
    assert (claim.name, claim.attributes) == ("Siân", {"county": "Powys"})


def test_freezing_twice_adds_nobody_twice(connection: Connection) -> None:
    """S10: at most one delivery for each edition and subscriber."""
    _freeze(connection)

    assert _freeze(connection) == 0
    assert totals.counts(connection, 1)[DeliveryState.PENDING] == len(PEOPLE)


def test_freezing_again_finds_who_is_new_also_when_somebody_was_erased(
    connection: Connection,
) -> None:
    _freeze(connection)
    connection.execute(
        update(deliveries).where(deliveries.c.subscriber_id == 2).values(subscriber_id=None)
    )
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.subscriber_id == 2)
        .values(status="unsubscribed")
    )
    add_reader(connection, NOW, 5, "cy")

    assert _freeze(connection) == 1


def test_freezing_leaves_out_who_left_and_who_is_suppressed(connection: Connection) -> None:
    _unsubscribe(connection, 1)
    _suppress(connection, 2)

    assert _freeze(connection) == len(PEOPLE) - 2


def test_a_claim_is_given_to_one_caller_only(connection: Connection) -> None:
    _freeze(connection)

    first, second = _claims(connection), _claims(connection)

    assert len(first) == len(PEOPLE)
    assert second == ()


def test_who_leaves_after_the_freeze_is_skipped_at_the_claim(connection: Connection) -> None:
    """A7: looked at again in the same transaction as the claim."""
    _freeze(connection)
    _unsubscribe(connection, 1)
    _suppress(connection, 2)

    batch = ledger.claim(connection, DueDeliveries(1), NOW, 100, LEASE)

    assert batch.skipped == 2
    assert {claim.handle for claim in batch.claims} == {1003, 1004}
    reasons = connection.execute(
        select(deliveries.c.subscriber_id, deliveries.c.reason).where(
            deliveries.c.state == DeliveryState.SKIPPED
        )
    ).all()
    assert dict(reasons) == {1: "unsubscribed", 2: "suppressed"}


def test_a_deferred_delivery_waits_and_each_wait_is_twice_the_one_before(
    connection: Connection,
) -> None:
    """S5: 30 minutes, then an hour."""
    _freeze(connection)
    claim, *others = _claims(connection)
    for other in others:
        _record(connection, other, DeliveryState.ACCEPTED, NOW)
    _record(connection, claim, DeliveryState.DEFERRED, NOW)

    assert _claims(connection, NOW + timedelta(minutes=29)) == ()
    (again,) = _claims(connection, NOW + timedelta(minutes=30))
    later = NOW + timedelta(minutes=30)
    _record(connection, again, DeliveryState.DEFERRED, later)

    assert _claims(connection, later + timedelta(minutes=59)) == ()
    assert len(_claims(connection, later + timedelta(minutes=60))) == 1


def test_no_wait_goes_beyond_the_end_of_patience(connection: Connection) -> None:
    """S5: it is given up after 72 hours, not when an even longer wait would be over."""
    _freeze(connection)
    at, attempts = NOW, 0
    while claims := _claims(connection, at):
        for claim in claims:
            _record(connection, claim, DeliveryState.DEFERRED, at)
        attempts += 1
        query = select(deliveries.c.next_attempt_at).limit(1)
        at = connection.execute(query).scalar_one()
        if at == NOW + PATIENCE.expire_after:
            break

    assert attempts == 8  # after 0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 and 63.5 hours
    assert ledger.expire_deferred(connection, 1, PATIENCE, at) == len(PEOPLE)


def test_what_was_tried_for_too_long_fails_with_its_last_reply(connection: Connection) -> None:
    _freeze(connection)
    claim = _claims(connection)[0]
    _record(connection, claim, DeliveryState.DEFERRED, NOW)

    late = NOW + PATIENCE.expire_after
    assert ledger.expire_deferred(connection, 1, PATIENCE, late - timedelta(seconds=1)) == 0
    assert ledger.expire_deferred(connection, 1, PATIENCE, late) == 1

    row = connection.execute(
        select(deliveries.c.state, deliveries.c.reply).where(deliveries.c.id == claim.delivery_id)
    ).one()
    assert tuple(row) == (DeliveryState.FAILED, "as it happened")


def _settle(
    connection: Connection, content: JournalContent, *, repeats_unknown: bool = False
) -> None:
    settle(connection, LEASE.sender_id, content, Terms(PATIENCE, repeats_unknown, lambda: NOW))


def _content(
    outcomes: Sequence[tuple[Claim, DeliveryState]],
    unanswered: Sequence[Claim],
    *,
    is_whole: bool = True,
) -> JournalContent:
    return JournalContent(
        {claim.key: _outcome(state) for claim, state in outcomes},
        frozenset(claim.key for claim in unanswered),
        is_whole,
    )


def test_of_a_dead_senders_deliveries_each_is_what_its_journal_says(
    connection: Connection,
) -> None:
    """Answered, begun without an answer, never begun."""
    _freeze(connection)
    accepted, failed, begun, _ = _claims(connection)
    answered = [(accepted, DeliveryState.ACCEPTED), (failed, DeliveryState.FAILED)]

    _settle(connection, _content(answered, [begun]))

    assert _states(connection) == ["accepted", "failed", "unknown", "pending"]
    assert [state for *_, state in _attempts(connection)] == ["accepted", "failed", "unknown"]


def test_what_nobody_knows_of_is_sent_again_where_the_settings_say_so(
    connection: Connection,
) -> None:
    _freeze(connection)
    begun, *_ = _claims(connection)

    _settle(connection, _content([], [begun]), repeats_unknown=True)

    assert _states(connection) == ["deferred", "pending", "pending", "pending"]
    assert _attempts(connection) == [(*begun.key, "unknown")]
    assert begun.delivery_id not in {claim.delivery_id for claim in _claims(connection)}
    (again,) = _claims(connection, NOW + PATIENCE.first_retry)
    assert again.attempt == 2


def test_a_journal_that_may_lack_its_end_makes_unknown_what_it_does_not_name(
    connection: Connection,
) -> None:
    """The machine went down: the records of what had begun may have gone with it."""
    _freeze(connection)
    accepted, *_ = _claims(connection)

    _settle(connection, _content([(accepted, DeliveryState.ACCEPTED)], [], is_whole=False))

    assert _states(connection) == ["accepted", "unknown", "unknown", "unknown"]


def test_what_a_journal_says_of_deliveries_that_are_recorded_changes_nothing(
    connection: Connection,
) -> None:
    """A kill between the record in the database and the next one in the journal."""
    _freeze(connection)
    claims = _claims(connection)
    for claim in claims:
        _record(connection, claim, DeliveryState.DEFERRED, NOW)
    before = _attempts(connection)

    _settle(connection, _content([(claim, DeliveryState.DEFERRED) for claim in claims], []))

    assert _states(connection) == ["deferred"] * len(PEOPLE)
    assert _attempts(connection) == before


def test_an_answer_that_comes_after_somebody_else_answers_for_the_delivery_changes_nothing(
    connection: Connection,
) -> None:
    _freeze(connection)
    claim, *_ = _claims(connection)
    connection.execute(
        update(deliveries).where(deliveries.c.id == claim.delivery_id).values(state="unknown")
    )

    _record(connection, claim, DeliveryState.FAILED, NOW)

    assert _states(connection)[0] == "unknown"


def test_each_attempt_leaves_a_line_of_its_own(connection: Connection) -> None:
    _freeze(connection)
    first, *_ = _claims(connection)
    _record(connection, first, DeliveryState.DEFERRED, NOW)
    (again,) = _claims(connection, NOW + timedelta(hours=1))

    _record(connection, again, DeliveryState.ACCEPTED, NOW)

    delivery_id = first.delivery_id
    assert _attempts(connection) == [(delivery_id, 1, "deferred"), (delivery_id, 2, "accepted")]


def test_who_is_asked_once_more_before_it_goes_may_have_left_been_suppressed_or_erased(
    connection: Connection,
) -> None:
    """A7"""
    _freeze(connection)
    left, suppressed, erased, stayed = (claim.delivery_id for claim in _claims(connection))
    _unsubscribe(connection, 1)
    _suppress(connection, 2)
    connection.execute(
        update(deliveries).where(deliveries.c.id == erased).values(subscriber_id=None)
    )

    against = no_longer_wanted(connection, [left, suppressed, erased, stayed], LEASE.sender_id)

    assert against == {left: "unsubscribed", suppressed: "suppressed", erased: "erased"}


def test_a_released_claim_is_pending_again_as_if_nothing_had_been(connection: Connection) -> None:
    _freeze(connection)
    claims = _claims(connection)

    _release(connection, claims)

    assert _claims(connection) == claims


def test_the_counts_always_add_up_to_the_audience(connection: Connection) -> None:
    _freeze(connection)
    ends = (
        DeliveryState.ACCEPTED,
        DeliveryState.DEFERRED,
        DeliveryState.FAILED,
        DeliveryState.UNKNOWN,
    )
    for claim, state in zip(_claims(connection), ends, strict=True):
        _record(connection, claim, state, NOW)

        assert sum(totals.counts(connection, 1).values()) == len(PEOPLE)

    assert all(totals.counts(connection, 1)[state] == 1 for state in ends)
    assert totals.is_open(connection, 1)


def test_an_edition_has_work_until_somebody_says_that_it_is_complete(
    connection: Connection,
) -> None:
    _freeze(connection)
    claim, *others = _claims(connection)
    assert ledger.has_work(connection, 1, NOW)  # a dead process may have left these behind
    for other in others:
        _record(connection, other, DeliveryState.ACCEPTED, NOW)
    _record(connection, claim, DeliveryState.DEFERRED, NOW)

    assert not ledger.has_work(connection, 1, NOW)
    assert ledger.has_work(connection, 1, NOW + timedelta(minutes=30))


def test_the_way_a_delivery_took_is_known_from_the_claim_on(connection: Connection) -> None:
    _freeze(connection)
    assert ledger.transports_used(connection, 1) == frozenset()

    claims = _claims(connection)
    assert ledger.transports_used(connection, 1) == {SMTP}

    _release(connection, claims)
    assert ledger.transports_used(connection, 1) == frozenset()


def test_a_delivery_released_at_its_second_attempt_remembers_its_first(
    connection: Connection,
) -> None:
    _freeze(connection)
    for claim in _claims(connection):
        _record(connection, claim, DeliveryState.DEFERRED, NOW)
    again = _claims(connection, NOW + timedelta(minutes=30))

    _release(connection, again)

    assert ledger.transports_used(connection, 1) == {SMTP}


def _unsubscribe(connection: Connection, number: int) -> None:
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.subscriber_id == number)
        .values(status="unsubscribed")
    )


def _suppress(connection: Connection, number: int) -> None:
    connection.execute(
        insert(suppressions).values(
            target=f"reader{number}@example.org", reason="manual", evidence="", at=NOW
        )
    )
