"""What the public pages may ask of the program, by a token alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.app.erasing import erase
from newsletter.domain.departures import Leaver
from newsletter.domain.people import SubscriptionStatus
from newsletter.domain.readers import Choices, Forgotten
from newsletter.tokens.tokens import INERT_TOKEN, Purpose
from tests.readers_house import ADDRESS, House


@pytest.fixture
def house(tmp_path: Path, migrated_engine: Engine) -> House:
    return House(tmp_path, migrated_engine)


def test_a_token_that_is_nothing_never_reaches_the_database(house: House) -> None:
    """T7: whoever posts garbage cannot keep the sender from its database."""
    other = house.token(Purpose.VIEW)

    with house.counting() as statements:
        for token in ("garbled", INERT_TOKEN, other):
            assert house.preferring.reader(token) is None
            assert house.leaving.leave(token, one_click=True) is None
            assert house.preferring.leave_all(token) is None
            assert house.preferring.save(token, Choices(frozenset(), "en")) is None

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
        house.preferring.save(preferences, Choices(frozenset(house.slugs), "en")),
    ]

    assert answers == [Forgotten()] * len(answers)
    assert house.leaving.leave(INERT_TOKEN, one_click=True) is None


@pytest.mark.parametrize("status", [SubscriptionStatus.PENDING, SubscriptionStatus.PAUSED])
def test_who_waits_or_pauses_has_not_left(house: House, status: SubscriptionStatus) -> None:
    house.set_status(status)

    there = house.leaving.leaver(house.token(Purpose.UNSUBSCRIBE))
    left = house.leaving.leave(house.token(Purpose.UNSUBSCRIBE), one_click=False)

    assert isinstance(there, Leaver)
    assert isinstance(left, Leaver)
    assert (there.is_subscribed, left.is_subscribed) == (True, False)


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
