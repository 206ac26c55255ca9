"""What comes of what people ask for, on both databases: who is mailed, and what is on record."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from newsletter.audience import leaving, subscribers
from newsletter.domain.people import Basis, ConsentSource, SubscriptionStatus, SuppressionReason
from newsletter.domain.requests import RequestKind
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import notices, requests, subscriptions, topics
from tests.asking_house import ADDRESS, BULLETIN, EVENTS, STAFF, WORDING, AskingHouse

PENDING, ACTIVE = SubscriptionStatus.PENDING, SubscriptionStatus.ACTIVE
LEFT, PAUSED = SubscriptionStatus.UNSUBSCRIBED, SubscriptionStatus.PAUSED


@pytest.fixture
def house(tmp_path: Path, migrated_engine: Engine) -> AskingHouse:
    return AskingHouse(tmp_path, migrated_engine)


def on_the_list(house: AskingHouse, *wanted: str) -> None:
    """Somebody who signed up and confirmed a week ago."""
    house.sign_up(*wanted)
    house.confirm()
    house.clock.move(days=7)


def leave(house: AskingHouse) -> None:
    with writing(house.workspace.engine) as connection:
        person = subscribers.subscriber(connection, ADDRESS)
        source = ConsentSource.ONE_CLICK
        leaving.leave_all(connection, person.id, source=source, actor="reader", at=house.clock())


def test_who_is_new_is_on_record_as_waiting_and_is_asked_to_confirm(house: AskingHouse) -> None:
    """L1: who, when, how, in which words, from which address of a machine."""
    house.ask(BULLETIN, EVENTS)
    asked_at = house.clock()
    house.clock.move(minutes=1)

    assert house.answer() == 1

    assert house.mailed() == ["confirm"]
    assert house.outcomes() == {"mailed": 1}
    assert house.statuses() == {BULLETIN: PENDING, EVENTS: PENDING}
    line = house.ledger()[0]
    assert (line.status, line.source, line.wording) == (
        PENDING,
        ConsentSource.SIGN_UP_PAGE,
        WORDING,
    )
    assert (line.at, line.ip, line.basis) == (asked_at, "192.0.2.7", Basis.CONSENT)
    with reading(house.workspace.engine) as connection:
        notice = connection.execute(select(notices)).one()
        request = connection.execute(select(requests)).one()
        person = subscribers.subscriber(connection, ADDRESS)
    assert (notice.request_id, notice.expires_at) == (request.id, request.expires_at)
    assert (notice.language, notice.details) == ("cy", {"topics": [BULLETIN, EVENTS]})
    assert person.language == "cy"


def test_nothing_is_answered_twice(house: AskingHouse) -> None:
    house.sign_up()

    assert house.answer() == 0
    assert house.mailed() == ["confirm"]


def test_two_processes_at_once_answer_nothing_twice(house: AskingHouse) -> None:
    for number in range(20):
        house.ask(address=f"reader{number}@example.org")
    answered: list[int] = []
    both = [threading.Thread(target=lambda: answered.append(house.answer())) for _ in range(2)]

    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sum(answered) == 20
    assert house.mailed() == ["confirm"] * 20


def test_one_that_the_program_fails_at_holds_up_nobody_else(house: AskingHouse) -> None:
    house.ask(BULLETIN, address="first@example.org")
    house.ask(BULLETIN, address="second@example.org")
    with writing(house.workspace.engine) as connection:
        of_first = requests.c.canonical == "first@example.org"
        connection.execute(update(requests).where(of_first).values(details={}))

    with pytest.raises(KeyError):
        house.answer()

    assert house.mailed() == ["confirm"]
    assert house.outcomes() == {"mailed": 1, None: 1}


def test_who_has_all_of_it_already_gets_their_link(house: AskingHouse) -> None:
    on_the_list(house, BULLETIN, EVENTS)

    house.sign_up(BULLETIN)

    assert house.mailed() == ["confirm", "welcome", "on-list"]
    assert house.outcomes() == {"mailed": 1, "on-list": 1}


def test_who_has_some_of_it_is_asked_to_confirm_the_rest(house: AskingHouse) -> None:
    on_the_list(house, BULLETIN)

    house.sign_up(BULLETIN, EVENTS)

    assert house.mailed()[-1] == "confirm"
    assert house.statuses() == {BULLETIN: ACTIVE, EVENTS: PENDING}


def test_who_has_left_stays_away_until_they_confirm(house: AskingHouse) -> None:
    """Else retention would take the departure away, and the next import bring them back."""
    on_the_list(house, BULLETIN)
    leave(house)

    house.sign_up(BULLETIN)

    assert house.mailed()[-1] == "confirm"
    assert house.statuses() == {BULLETIN: LEFT}


def test_who_pauses_counts_as_on_the_list(house: AskingHouse) -> None:
    on_the_list(house, BULLETIN)
    with writing(house.workspace.engine) as connection:
        connection.execute(update(subscriptions).values(status=PAUSED))

    house.sign_up(BULLETIN)

    assert house.mailed()[-1] == "on-list"


def test_nobody_can_change_the_language_of_somebody_else(house: AskingHouse) -> None:
    on_the_list(house, BULLETIN)
    with writing(house.workspace.engine) as connection:
        person = subscribers.subscriber(connection, ADDRESS)
        subscribers.set_language(connection, person.id, "en")

    house.sign_up(EVENTS)

    with reading(house.workspace.engine) as connection:
        assert subscribers.subscriber(connection, ADDRESS).language == "en"


@pytest.mark.parametrize(
    ("reason", "target"),
    [
        (SuppressionReason.REQUEST, ADDRESS),
        (SuppressionReason.MANUAL, ADDRESS),
        (SuppressionReason.COMPLAINT, "@example.org"),
    ],
)
def test_who_wants_no_mail_gets_none(
    house: AskingHouse, reason: SuppressionReason, target: str
) -> None:
    """T14: neither when they asked for that, nor when staff said so, nor at such a domain."""
    house.suppress(reason, target)

    house.sign_up()

    assert house.outcomes() == {"stopped": 1}
    assert house.mailed() == []
    assert house.statuses() == {}


@pytest.mark.parametrize("reason", [SuppressionReason.HARD_BOUNCE, SuppressionReason.COMPLAINT])
def test_another_suppression_is_asked_about_and_nothing_is_on_record_before(
    house: AskingHouse, reason: SuppressionReason
) -> None:
    """B6"""
    house.suppress(reason)

    house.sign_up()

    assert house.mailed() == ["confirm"]
    assert house.statuses() == {}
    assert house.suppressed_for() is reason


def test_a_private_topic_is_not_joined_by_guessing(house: AskingHouse) -> None:
    """T15"""
    house.sign_up(STAFF)
    house.clock.move(days=1)
    house.sign_up(STAFF, BULLETIN)

    assert house.outcomes() == {"stopped": 1, "mailed": 1}
    assert house.statuses() == {BULLETIN: PENDING}


def test_a_topic_that_was_made_private_is_left_out(house: AskingHouse) -> None:
    house.sign_up(BULLETIN, EVENTS)
    with writing(house.workspace.engine) as connection:
        connection.execute(update(topics).where(topics.c.slug == EVENTS).values(private=True))

    house.confirm()

    assert house.statuses() == {BULLETIN: ACTIVE, EVENTS: PENDING}


def test_a_link_goes_to_whoever_was_ever_on_the_list(house: AskingHouse) -> None:
    on_the_list(house)
    leave(house)

    house.ask(kind=RequestKind.MY_LINK)
    house.ask(kind=RequestKind.MY_LINK, address="nobody@example.org")
    house.answer()

    assert house.mailed()[-1] == "my-link"
    assert house.outcomes() == {"mailed": 2, "nobody": 1}


def test_no_link_goes_to_whoever_has_not_confirmed_anything_yet(house: AskingHouse) -> None:
    """T14: else whoever floods a mailbox with sign-ups could have three a day more."""
    house.sign_up()

    house.ask(kind=RequestKind.MY_LINK)
    house.answer()

    assert house.outcomes() == {"mailed": 1, "nobody": 1}


@pytest.mark.parametrize("reason", [SuppressionReason.HARD_BOUNCE, SuppressionReason.REQUEST])
def test_no_link_goes_to_an_address_that_is_not_to_be_mailed(
    house: AskingHouse, reason: SuppressionReason
) -> None:
    on_the_list(house)
    house.suppress(reason)

    house.ask(kind=RequestKind.MY_LINK)
    house.answer()

    assert house.outcomes() == {"mailed": 1, "stopped": 1}


@pytest.mark.parametrize(
    "kind",
    [
        RequestKind.ADDRESS_FROM,
        RequestKind.ADDRESS_TO,
        RequestKind.MY_DATA,
        RequestKind.ERASE,
    ],
)
def test_what_people_ask_for_of_themselves_is_mailed_five_times_a_day_at_most(
    house: AskingHouse, kind: RequestKind
) -> None:
    house.ask(kind=kind, times=7)

    house.answer()

    assert house.mailed() == [kind.value] * 5
    assert house.outcomes() == {"mailed": 5, "limited": 2}


def test_a_request_that_is_looked_at_too_late_is_over(house: AskingHouse) -> None:
    house.ask()
    house.ask(kind=RequestKind.ERASE)
    house.clock.move(days=7)

    house.answer()

    assert house.outcomes() == {"expired": 2}
    assert house.mailed() == []


def test_a_thousand_sign_ups_for_one_mailbox_end_in_one_mail(house: AskingHouse) -> None:
    """T14: everything is recorded, and nothing said."""
    house.ask(times=1000)

    assert house.answer() + house.answer() == 1000

    assert house.mailed() == ["confirm"]
    assert house.outcomes() == {"mailed": 1, "limited": 999}


def test_an_address_is_asked_once_a_day_and_three_times_a_month(house: AskingHouse) -> None:
    """T14"""
    for _ in range(6):
        house.sign_up()
        house.clock.move(days=1)

    assert house.mailed() == ["confirm"] * 3
    house.clock.move(days=27)
    house.sign_up()
    assert house.mailed() == ["confirm"] * 4


def test_what_waits_for_the_relay_counts_as_mailed_now(house: AskingHouse) -> None:
    """T14: else all that was asked for in three days without a relay goes out together."""
    for _ in range(3):
        house.ask()
        house.answer()
        house.clock.move(days=1)
    assert house.mailed() == ["confirm"]
    house.deliver()

    house.clock.move(days=1)
    house.sign_up()

    assert house.mailed() == ["confirm"] * 2


def test_links_of_ones_own_come_ten_times_a_month_at_most(house: AskingHouse) -> None:
    on_the_list(house)
    for _ in range(20):
        house.ask(kind=RequestKind.MY_LINK)
        house.answer()
        house.deliver()
        house.clock.move(days=1)

    assert house.mailed().count("my-link") == 10


def test_links_of_ones_own_come_once_an_hour_and_three_times_a_day(house: AskingHouse) -> None:
    on_the_list(house)
    for _ in range(6):
        house.ask(kind=RequestKind.MY_LINK)
        house.sign_up()
        house.clock.move(minutes=61)

    assert house.mailed()[2:] == ["my-link"] * 3


def test_a_domain_that_has_had_its_share_waits_and_holds_up_nobody_else(
    tmp_path: Path, migrated_engine: Engine
) -> None:
    house = AskingHouse(tmp_path, migrated_engine, sign_up={"per_domain": "2/h"})
    for number in range(5):
        house.ask(address=f"reader{number}@example.org")
    house.ask(address="dai@example.com")

    first = house.answer()
    again = house.answer()
    house.clock.move(hours=1)
    next_hour = house.answer()
    house.clock.move(hours=1)

    assert (first, again, next_hour, house.answer()) == (3, 0, 2, 1)
    assert house.outcomes() == {"mailed": 6}
