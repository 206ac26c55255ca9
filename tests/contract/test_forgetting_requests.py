"""Requests and their notices go with the person, and when their time is over, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select

from newsletter.app.erasing import erase
from newsletter.app.retention import Due, Kind, let_go, what_is_due
from newsletter.audience.requests.asking import ask
from newsletter.dispatch.notices.queue import add_notices
from newsletter.domain.confirming import Stage
from newsletter.domain.notices import NewNotice, NoticeKind
from newsletter.domain.people import SuppressionReason
from newsletter.domain.requests import NewRequest, RequestKind
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit, notices, requests
from tests.asking_house import ADDRESS, AskingHouse

OTHER = "dai@example.com"


@pytest.fixture
def house(tmp_path: Path, migrated_engine: Engine) -> AskingHouse:
    return AskingHouse(tmp_path, migrated_engine)


def kept(house: AskingHouse) -> tuple[int, int]:
    """How many requests and how many notices are kept."""
    with reading(house.workspace.engine) as connection:
        tables = (requests, notices)
        one, other = (
            connection.execute(select(func.count()).select_from(each)).scalar_one()
            for each in tables
        )
    return one, other


def run(house: AskingHouse) -> dict[Kind, int]:
    """What retention let go of, having said the same before."""
    planned = numbers(what_is_due(house.workspace))
    done = let_go(house.workspace, actor="cron", pause=lambda _seconds: None)
    assert numbers(done) == planned
    assert numbers(what_is_due(house.workspace)) == {}
    return planned


def numbers(due: list[Due]) -> dict[Kind, int]:
    return {one.kind: one.number for one in due if one.number}


def test_what_somebody_erased_had_asked_for_goes_with_them(house: AskingHouse) -> None:
    """L4: and what others asked for stays."""
    house.sign_up()
    house.ask(address=OTHER)
    house.answer()

    erase(house.workspace, ADDRESS.upper(), actor="mair")

    assert kept(house) == (1, 1)
    assert house.statuses(OTHER) != {}


def test_who_only_ever_asked_for_something_can_be_erased(house: AskingHouse) -> None:
    house.ask()

    erasure = erase(house.workspace, ADDRESS, actor="mair")

    assert erasure.is_new
    assert kept(house) == (0, 0)
    assert house.suppressed_for() is SuppressionReason.ERASED
    with reading(house.workspace.engine) as connection:
        lines = connection.execute(select(audit.c.detail).where(audit.c.subject == "one person"))
        assert lines.scalars().all() == ["0 deliveries"]


def test_an_address_that_was_asked_for_tens_of_thousands_of_times_can_be_erased(
    house: AskingHouse,
) -> None:
    house.sign_up()
    with writing(house.workspace.engine) as connection:
        row = connection.execute(select(requests)).one()._asdict()
        several = [row | {"id": number, "handle": number} for number in range(10, 33_000)]
        connection.execute(insert(requests), several)

    erase(house.workspace, ADDRESS, actor="mair")

    assert kept(house) == (0, 0)


@pytest.mark.parametrize("erased", [ADDRESS, OTHER])
def test_a_change_of_address_goes_with_either_of_its_addresses(
    house: AskingHouse, erased: str
) -> None:
    details = {"pair": "1", "old_address": ADDRESS, "new_address": OTHER}
    ends = [
        NewRequest(RequestKind.ADDRESS_FROM, ADDRESS, "cy", "page", details=details),
        NewRequest(RequestKind.ADDRESS_TO, OTHER, "cy", "page", details=details),
    ]
    with writing(house.workspace.engine) as connection:
        ask(connection, ends, house.clock())
        told = NewNotice(
            NoticeKind.ADDRESS_CHANGED,
            ADDRESS,
            "cy",
            house.clock(),
            details={"new_address": OTHER},
        )
        add_notices(connection, [told], house.clock())
    house.answer()

    erase(house.workspace, erased, actor="mair")

    assert kept(house) == (0, 0)


def test_requests_go_thirty_days_after_they_were_confirmed_or_over(house: AskingHouse) -> None:
    """L6: those that were confirmed a little sooner, and the notices after as many days."""
    house.ask()
    house.answer()
    house.confirm()
    house.ask(address=OTHER)
    house.answer()

    seen = []
    for days in (29, 2, 7):
        house.clock.move(days=days)
        seen.append(run(house))

    assert seen == [
        {},
        {Kind.UNCONFIRMED: 1, Kind.REQUESTS: 1},
        {Kind.REQUESTS: 1, Kind.NOTICES: 3},
    ]
    assert kept(house) == (0, 0)
    assert house.statuses(OTHER) == {}


def test_notices_may_go_before_and_after_what_they_answered(house: AskingHouse) -> None:
    house.sign_up()
    house.clock.move(days=31)

    first = run(house)
    house.clock.move(days=7)

    assert first == {Kind.UNCONFIRMED: 1, Kind.NOTICES: 1}
    assert run(house) == {Kind.REQUESTS: 1}


def test_a_link_whose_request_went_is_over(house: AskingHouse) -> None:
    house.sign_up()
    token = house.token()
    house.clock.move(days=38)
    run(house)

    assert house.confirm(token) is Stage.OVER


def test_what_limits_count_stays_for_as_long_as_they_look_back(
    tmp_path: Path, migrated_engine: Engine
) -> None:
    """T14: however short the settings have requests kept."""
    house = AskingHouse(tmp_path, migrated_engine, days={"unconfirmed": 1})
    for _ in range(20):
        house.sign_up()
        house.clock.move(days=1)
        run(house)

    assert house.mailed() == ["confirm"] * 3


def test_addresses_of_machines_are_taken_out_of_requests_too(
    tmp_path: Path, migrated_engine: Engine
) -> None:
    """L6"""
    house = AskingHouse(tmp_path, migrated_engine, days={"ips": 5})
    house.sign_up()
    house.clock.move(days=6)

    planned = run(house)

    assert planned == {Kind.IPS: 2}
    with reading(house.workspace.engine) as connection:
        assert connection.execute(select(requests.c.ip)).scalars().all() == [None]
