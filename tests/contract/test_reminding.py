"""One reminder, a day after, to whoever was asked to confirm and has done nothing since."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from newsletter.app.erasing import erase
from newsletter.audience import leaving, subscribers
from newsletter.domain.confirming import Stage
from newsletter.domain.people import READER, ConsentSource, SuppressionReason
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import notices, topics
from tests.asking_house import ADDRESS, BULLETIN, EVENTS, AskingHouse


@pytest.fixture
def house(tmp_path: Path, migrated_engine: Engine) -> AskingHouse:
    return AskingHouse(tmp_path, migrated_engine)


def test_who_has_not_confirmed_is_reminded_once_after_a_day(house: AskingHouse) -> None:
    house.sign_up(BULLETIN, EVENTS)
    house.clock.move(hours=23, minutes=59)
    too_soon = house.remind()
    house.clock.move(minutes=1)

    assert (too_soon, house.remind(), house.remind()) == (0, 1, 0)

    with reading(house.workspace.engine) as connection:
        first, reminder = connection.execute(select(notices).order_by(notices.c.id)).all()
    assert reminder.kind == "reminder"
    assert (reminder.request_id, reminder.expires_at) == (first.request_id, first.expires_at)
    assert reminder.details == {"topics": [BULLETIN, EVENTS]}


def test_the_link_of_the_reminder_confirms(house: AskingHouse) -> None:
    house.sign_up()
    house.clock.move(days=1)
    house.remind()
    house.clock.move(days=5)

    assert house.confirm() is Stage.DONE


def test_the_settings_may_want_no_reminders(tmp_path: Path, migrated_engine: Engine) -> None:
    house = AskingHouse(tmp_path, migrated_engine, sign_up={"reminder": False})
    house.sign_up()
    house.clock.move(days=1)

    assert house.remind() == 0


def test_nobody_is_reminded_of_a_link_that_is_over(house: AskingHouse) -> None:
    house.sign_up()
    house.clock.move(days=7)

    assert house.remind() == 0


def test_nobody_is_reminded_of_what_was_not_mailed(house: AskingHouse) -> None:
    house.ask(times=3)
    house.answer()
    house.deliver()
    house.clock.move(days=1)

    assert house.remind() == 1


def test_nobody_is_reminded_of_a_mail_that_has_not_gone_out_a_day_before(
    house: AskingHouse,
) -> None:
    """T14: when no relay would take any, the two would go out together."""
    house.ask()
    house.answer()
    house.clock.move(days=2)
    before = house.remind()
    house.deliver()
    house.clock.move(hours=23)
    too_soon = house.remind()
    house.clock.move(hours=1)

    assert (before, too_soon, house.remind()) == (0, 0, 1)


def leave(house: AskingHouse) -> None:
    with writing(house.workspace.engine) as connection:
        person = subscribers.subscriber(connection, ADDRESS)
        source = ConsentSource.ONE_CLICK
        leaving.leave_all(connection, person.id, source=source, actor=READER, at=house.clock())


def make_private(house: AskingHouse) -> None:
    with writing(house.workspace.engine) as connection:
        connection.execute(update(topics).values(private=True))


@pytest.mark.parametrize(
    "happen",
    [
        AskingHouse.confirm,
        AskingHouse.block,
        leave,
        make_private,
        lambda house: house.suppress(SuppressionReason.HARD_BOUNCE),
        lambda house: house.suppress(SuppressionReason.MANUAL, "@example.org"),
        lambda house: erase(house.workspace, ADDRESS, actor="mair"),
    ],
    ids=["confirmed", "blocked", "left", "private", "bounced", "stopped", "erased"],
)
def test_nobody_is_reminded_when_something_has_come_between(
    house: AskingHouse, happen: Callable[[AskingHouse], object]
) -> None:
    house.sign_up()
    house.clock.move(hours=1)
    happen(house)
    house.clock.move(days=2)

    assert house.remind() == 0


def test_a_reminder_counts_as_a_mail_to_confirm(house: AskingHouse) -> None:
    """T14: a sign-up, its reminder and another sign-up are three in 30 days."""
    house.sign_up()
    for _ in range(6):
        house.clock.move(days=1)
        house.remind()
        house.sign_up()

    assert house.mailed() == ["confirm", "reminder", "confirm"]


def test_who_confirms_one_sign_up_is_not_reminded_of_an_older_one(house: AskingHouse) -> None:
    house.sign_up(BULLETIN, EVENTS)
    house.clock.move(days=1)
    house.sign_up(BULLETIN)
    house.confirm()
    house.clock.move(days=1)

    assert house.remind() == 0
