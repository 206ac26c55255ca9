"""Confirming a sign-up, on both databases: once, in time, and past what a fresh opt-in lifts."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from newsletter.app.erasing import erase
from newsletter.audience import joining, leaving, subscribers, topics
from newsletter.audience.grounds import Grounds
from newsletter.audience.judging import Joined
from newsletter.audience.person import Person
from newsletter.domain.confirming import Stage
from newsletter.domain.people import (
    READER,
    Basis,
    ConsentSource,
    SubscriptionStatus,
    SuppressionReason,
)
from newsletter.mail.addresses import parse_address
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit, notices
from tests.asking_house import ADDRESS, BULLETIN, EVENTS, WORDING, AskingHouse

PENDING, ACTIVE = SubscriptionStatus.PENDING, SubscriptionStatus.ACTIVE
LEFT = SubscriptionStatus.UNSUBSCRIBED


@pytest.fixture
def house(tmp_path: Path, migrated_engine: Engine) -> AskingHouse:
    return AskingHouse(tmp_path, migrated_engine)


def import_again(house: AskingHouse) -> Joined:
    """What an import of the address into the bulletin comes to."""
    with writing(house.workspace.engine) as connection:
        grounds = Grounds(Basis.CONSENT, "import of list.csv", None, "mair", house.clock())
        (joined,) = joining.add_people(
            connection,
            [Person(parse_address(ADDRESS))],
            topics.topic(connection, BULLETIN),
            grounds,
            default_language="en",
            seals=house.workspace.seals,
        )
    return joined


def leave(house: AskingHouse) -> None:
    with writing(house.workspace.engine) as connection:
        person = subscribers.subscriber(connection, ADDRESS)
        source = ConsentSource.ONE_CLICK
        leaving.leave_all(connection, person.id, source=source, actor=READER, at=house.clock())


def lifted(house: AskingHouse) -> list[str]:
    """What the audit says of suppressions that were lifted."""
    with reading(house.workspace.engine) as connection:
        query = select(audit.c.detail).where(audit.c.action == "suppressions lift")
        return list(connection.execute(query).scalars())


def test_confirming_puts_the_person_on_the_list_with_the_record_of_it(house: AskingHouse) -> None:
    """L1, L2"""
    house.sign_up(BULLETIN, EVENTS)
    house.clock.move(days=2)

    assert house.confirm() is Stage.DONE

    assert house.statuses() == {BULLETIN: ACTIVE, EVENTS: ACTIVE}
    line = house.ledger()[-1]
    assert (line.status, line.basis, line.source) == (
        ACTIVE,
        Basis.CONSENT,
        ConsentSource.SIGN_UP_CONFIRMED,
    )
    assert (line.wording, line.ip, line.at) == (WORDING, "192.0.2.8", house.clock())
    assert house.mailed() == ["confirm", "welcome"]
    with reading(house.workspace.engine) as connection:
        welcome = connection.execute(select(notices).where(notices.c.kind == "welcome")).one()
    assert welcome.details == {"topics": [BULLETIN, EVENTS]}


def test_looking_at_the_page_changes_nothing(house: AskingHouse) -> None:
    """T5, T12"""
    house.sign_up()

    for _ in range(3):
        shown = house.desk.look(house.token())

    assert shown is not None
    assert (shown.stage, shown.masked_address) == (Stage.OPEN, "s***@example.org")
    assert shown.facts == {"topics": [{"en": BULLETIN}]}
    assert house.statuses() == {BULLETIN: PENDING}


def test_a_link_confirms_once_and_brings_nobody_back_who_has_left_since(
    house: AskingHouse,
) -> None:
    """T3"""
    house.sign_up()
    house.confirm()
    leave(house)

    again = house.confirm()

    assert again is Stage.DONE
    assert house.statuses() == {BULLETIN: LEFT}
    assert house.mailed() == ["confirm", "welcome"]


def test_a_link_says_for_a_day_that_it_was_confirmed_and_is_over_then(house: AskingHouse) -> None:
    house.sign_up()
    house.confirm()

    house.clock.move(hours=23)
    soon = house.confirm()
    house.clock.move(hours=1)

    assert (soon, house.confirm()) == (Stage.DONE, Stage.OVER)


def test_a_link_is_over_after_seven_days(house: AskingHouse) -> None:
    """T3"""
    house.sign_up()
    house.clock.move(days=7)

    assert house.confirm() is Stage.OVER
    assert house.statuses() == {BULLETIN: PENDING}


def test_a_forged_token_is_of_nobody(house: AskingHouse) -> None:
    house.sign_up()
    token = house.token()
    forged = token[:-1] + ("A" if token[-1] != "A" else "Q")

    answers = [
        house.desk.look(forged),
        house.desk.confirm(forged, ip=None),
        house.desk.look_before_blocking(forged),
        house.desk.block(forged),
    ]

    assert answers == [None] * 4
    assert house.statuses() == {BULLETIN: PENDING}


def test_who_had_left_comes_back_by_confirming(house: AskingHouse) -> None:
    house.sign_up()
    house.confirm()
    leave(house)
    house.clock.move(days=7)

    house.sign_up()
    house.confirm()

    assert house.statuses() == {BULLETIN: ACTIVE}


@pytest.mark.parametrize(
    "reason",
    [
        SuppressionReason.HARD_BOUNCE,
        SuppressionReason.SOFT_BOUNCES,
        SuppressionReason.COMPLAINT,
        SuppressionReason.IMPORTED,
    ],
)
def test_a_fresh_opt_in_lifts_what_a_mailbox_or_a_list_had_told(
    house: AskingHouse, reason: SuppressionReason
) -> None:
    """B6: audited, and an import finds the person as any other."""
    house.suppress(reason)
    before = import_again(house)

    house.sign_up()
    house.confirm()

    assert before is Joined.SUPPRESSED
    assert house.suppressed_for() is None
    assert house.statuses() == {BULLETIN: ACTIVE}
    assert lifted(house) == [f"was {reason}; the reader confirmed a sign-up"]
    assert import_again(house) is Joined.UNCHANGED


def test_who_was_erased_comes_back_by_a_fresh_opt_in_alone(house: AskingHouse) -> None:
    """L4"""
    house.sign_up()
    house.confirm()
    erase(house.workspace, ADDRESS, actor="mair")
    refused = import_again(house)

    house.sign_up()
    waiting = house.statuses()
    stage = house.confirm()

    assert refused is Joined.SUPPRESSED
    assert waiting == {}
    assert stage is Stage.DONE
    assert house.suppressed_for() is None
    assert house.statuses() == {BULLETIN: ACTIVE}
    assert import_again(house) is Joined.UNCHANGED


@pytest.mark.parametrize(
    ("reason", "target"),
    [
        (SuppressionReason.REQUEST, ADDRESS),
        (SuppressionReason.MANUAL, ADDRESS),
        (SuppressionReason.MANUAL, "@example.org"),
    ],
)
def test_what_the_person_or_staff_said_is_not_lifted(
    house: AskingHouse, reason: SuppressionReason, target: str
) -> None:
    house.sign_up()
    house.suppress(reason, target)

    assert house.confirm() is Stage.STOPPED

    assert house.statuses() == {BULLETIN: PENDING}
    assert house.suppressed_for() is reason
    assert house.mailed() == ["confirm"]


def test_who_keeps_being_signed_up_gets_no_more_mail(house: AskingHouse) -> None:
    """T14: nothing is kept of them but that they want none, also when the link is over."""
    house.sign_up()
    house.clock.move(days=8)

    first, again = house.block(), house.block()
    house.sign_up()

    assert (first, again) == (Stage.STOPPED, Stage.STOPPED)
    assert house.statuses() == {}
    assert house.suppressed_for() is SuppressionReason.REQUEST
    assert house.outcomes() == {"mailed": 1, "stopped": 1}


def test_stopping_all_mail_leaves_who_is_on_the_list_on_record(house: AskingHouse) -> None:
    house.sign_up(BULLETIN)
    house.confirm()
    house.clock.move(days=2)
    house.sign_up(EVENTS)

    house.block()

    assert house.statuses() == {BULLETIN: ACTIVE}
    last = house.ledger()[-1]
    assert (last.topic, last.status) == (EVENTS, None)
    assert (last.source, last.actor) == (ConsentSource.SIGN_UP_BLOCKED, READER)


@pytest.mark.parametrize("reason", [SuppressionReason.HARD_BOUNCE, SuppressionReason.IMPORTED])
def test_stopping_all_mail_outlasts_what_was_known_of_the_address(
    house: AskingHouse, reason: SuppressionReason
) -> None:
    house.suppress(reason)
    house.sign_up()

    house.block()
    house.clock.move(days=2)
    house.sign_up()

    assert house.suppressed_for() is SuppressionReason.REQUEST
    assert house.outcomes() == {"mailed": 1, "stopped": 1}


@pytest.mark.parametrize("is_erased_first", [True, False])
def test_who_had_all_mail_stopped_gets_none_after_an_erasure_either(
    house: AskingHouse, is_erased_first: bool
) -> None:
    """The seal keeps why mail was stopped, and nothing of whose address it was."""
    house.sign_up()
    if is_erased_first:
        erase(house.workspace, ADDRESS, actor="mair")
        house.sign_up()
        house.block()
    else:
        house.block()
        erase(house.workspace, ADDRESS, actor="mair")
    house.clock.move(days=2)

    house.sign_up()

    assert house.mailed()[-1:] in ([], ["confirm"])
    assert house.outcomes()["stopped"] == 1
    assert house.suppressed_for() is SuppressionReason.ERASED


def test_the_page_that_stops_all_mail_is_open_until_it_was_pressed(house: AskingHouse) -> None:
    house.sign_up()
    before = house.desk.look_before_blocking(house.token())

    house.block()

    after = house.desk.look_before_blocking(house.token())
    assert before is not None
    assert after is not None
    assert (before.stage, after.stage) == (Stage.OPEN, Stage.STOPPED)
