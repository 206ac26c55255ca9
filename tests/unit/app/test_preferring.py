"""What readers may change by a token for their preferences, and what nobody may."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select, update

from newsletter.app.erasing import erase
from newsletter.audience import link_epochs, pausing
from newsletter.audience.subscribers import subscriptions_of
from newsletter.domain.departures import Leaver
from newsletter.domain.people import Basis, MailFormat, SubscriptionStatus, Wording
from newsletter.domain.readers import (
    PAUSE_MONTHS,
    Choices,
    Forgotten,
    FreshLink,
    Opened,
    Reader,
    Voided,
)
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit, subscribers
from newsletter.storage.schema import topics as topic_rows
from newsletter.tokens.tokens import Purpose
from tests.readers_house import ADDRESS, NOW, House

SHOWN = Wording("Which newsletters would you like to receive?", "en")
PAUSED, ACTIVE = SubscriptionStatus.PAUSED, SubscriptionStatus.ACTIVE


@pytest.fixture
def house(tmp_path: Path, migrated_engine: Engine) -> House:
    return House(tmp_path, migrated_engine)


@pytest.fixture
def token(house: House) -> str:
    return house.token(Purpose.PREFERENCES)


def choices(*slugs: str, language: str = "cy", form: MailFormat | None = None) -> Choices:
    return Choices(frozenset(slugs), language, form, SHOWN, "192.0.2.7")


def shown(opened: Opened) -> Reader:
    assert isinstance(opened, Reader)
    return opened


def subscribed(opened: Opened) -> list[str]:
    return [one.slug for one in shown(opened).received]


def statuses(house: House) -> dict[str, SubscriptionStatus]:
    with reading(house.workspace.engine) as connection:
        had = subscriptions_of(connection, house.person.id)
    return {one.topic: one.status for one in had}


# Choices


def test_ten_topics_are_shown_and_saved_in_a_few_questions(house: House, token: str) -> None:
    with house.counting() as to_show:
        house.preferring.reader(token)
    with house.counting() as to_save:
        house.preferring.save(token, choices(*house.slugs[:5], language="en"))

    assert len(to_show) <= 6
    assert len(to_save) <= 8


def test_a_suppression_is_looked_for_once(house: House, token: str) -> None:
    house.suppress()

    with house.counting() as statements:
        reader = house.preferring.save(token, choices(*house.slugs))

    assert subscribed(reader) == house.slugs[:5]
    assert len([one for one in statements if "suppressions.target IN" in one]) == 1


def test_saving_changes_what_differs_and_nothing_else(house: House, token: str) -> None:
    """L1: each change has its line in the ledger, and nothing else has."""
    before = house.ledger

    reader = house.preferring.save(
        token, choices(*house.slugs[1:6], language="en", form=MailFormat.TEXT)
    )

    assert subscribed(reader) == house.slugs[1:6]
    assert (shown(reader).language, shown(reader).format) == ("en", MailFormat.TEXT)
    assert (house.person.language, house.person.format) == ("en", MailFormat.TEXT)
    left, joined = house.ledger[len(before) :]
    assert (left.topic, left.status) == ("topic-0", SubscriptionStatus.UNSUBSCRIBED)
    assert (joined.topic, joined.status, joined.basis) == ("topic-5", ACTIVE, Basis.CONSENT)
    assert (joined.wording, joined.ip) == (SHOWN, "192.0.2.7")
    assert {one.source for one in (left, joined)} == {"preferences page"}


def test_saving_twice_is_as_good_as_once(house: House, token: str) -> None:
    wanted = choices(*house.slugs[1:6], language="en", form=MailFormat.TEXT)
    first = house.preferring.save(token, wanted)
    before = house.ledger

    assert house.preferring.save(token, wanted) == first

    assert house.ledger == before


@pytest.mark.parametrize("status", [SubscriptionStatus.PENDING, PAUSED])
def test_saving_what_the_page_showed_wakes_nobody(
    house: House, token: str, status: SubscriptionStatus
) -> None:
    house.set_status(status)
    before = house.ledger

    house.preferring.save(token, choices(*house.slugs[:5]))

    assert house.ledger == before


def test_a_form_without_a_format_leaves_it_as_it_is(house: House, token: str) -> None:
    house.preferring.save(token, choices(form=MailFormat.TEXT))

    house.preferring.save(token, choices())

    assert house.person.format is MailFormat.TEXT


def test_a_topic_that_was_made_private_or_taken_away_meanwhile_is_not_listened_to(
    house: House, token: str
) -> None:
    """T15: and the answer is the same as of one that never was."""
    with writing(house.workspace.engine) as connection:
        private = update(topic_rows).where(topic_rows.c.slug == "topic-5").values(private=True)
        connection.execute(private)
        connection.execute(delete(topic_rows).where(topic_rows.c.slug == "topic-6"))
    before = house.ledger

    asked = [
        house.preferring.save(token, choices(*house.slugs[:5], slug))
        for slug in ("topic-5", "topic-6", "never-was")
    ]

    assert asked == [house.preferring.reader(token)] * 3
    assert house.ledger == before


def test_who_had_a_private_topic_may_leave_it_and_come_back(house: House, token: str) -> None:
    with writing(house.workspace.engine) as connection:
        connection.execute(update(topic_rows).values(private=True))

    left = house.preferring.save(token, choices())
    back = house.preferring.save(token, choices(*house.slugs))

    assert subscribed(left) == []
    assert subscribed(back) == house.slugs[:5]


# Pauses


@pytest.mark.parametrize("months", PAUSE_MONTHS)
def test_a_pause_ends_when_that_day_of_a_later_month_begins_where_the_site_is(
    house: House, token: str, months: int
) -> None:
    reader = shown(house.preferring.pause(token, months=months))

    year, month = divmod(NOW.month - 1 + months, 12)
    local = datetime(NOW.year + year, month + 1, NOW.day, tzinfo=house.workspace.today.zone)
    assert reader.paused_until == local.astimezone(UTC)
    assert {one.slug for one in reader.paused} == set(house.slugs[:5])
    assert not reader.can_pause


@pytest.mark.parametrize(
    ("now", "months", "until"),
    [
        (datetime(2026, 8, 31, 12, tzinfo=UTC), 6, datetime(2027, 2, 28, tzinfo=UTC)),
        (datetime(2027, 8, 31, 12, tzinfo=UTC), 6, datetime(2028, 2, 29, tzinfo=UTC)),
        (datetime(2026, 3, 31, 12, tzinfo=UTC), 1, datetime(2026, 4, 29, 23, tzinfo=UTC)),
        (datetime(2026, 1, 31, 23, 30, tzinfo=UTC), 1, datetime(2026, 2, 28, tzinfo=UTC)),
        # Half past midnight on 1 July in London.
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), 1, datetime(2026, 7, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_month_that_is_too_short_ends_the_pause_on_its_last_day(
    house: House, token: str, now: datetime, months: int, until: datetime
) -> None:
    house.clock.at = now

    assert shown(house.preferring.pause(token, months=months)).paused_until == until


def test_pausing_and_starting_again_twice_is_as_good_as_once(house: House, token: str) -> None:
    asked: list[Callable[[], Opened]] = [
        lambda: house.preferring.pause(token, months=2),
        lambda: house.preferring.resume(token),
    ]

    for act in asked:
        first = act()
        before = house.ledger
        assert act() == first
        assert house.ledger == before
    assert set(statuses(house).values()) == {ACTIVE}


def test_what_is_joined_during_a_pause_rests_until_the_same_day(house: House, token: str) -> None:
    paused = shown(house.preferring.pause(token, months=2))

    reader = shown(house.preferring.save(token, choices(*house.slugs[:6])))

    (new,) = (one for one in reader.topics if one.slug == "topic-5")
    assert (new.status, new.resumes_at) == (PAUSED, paused.paused_until)
    assert [one.status for one in house.ledger if one.topic == "topic-5"] == [ACTIVE, PAUSED]


def test_what_is_joined_comes_at_once_when_anything_does_or_a_pause_has_no_end(
    house: House, token: str
) -> None:
    house.set_status(PAUSED)
    with_others = house.preferring.save(token, choices(*house.slugs[:6]))
    alone = house.preferring.save(token, choices("topic-0"))
    then = house.preferring.save(token, choices("topic-0", "topic-7"))

    assert [one.slug for one in shown(with_others).paused] == ["topic-0"]
    assert [one.slug for one in shown(alone).paused] == ["topic-0"]
    assert statuses(house)["topic-7"] is ACTIVE
    assert subscribed(then) == ["topic-0", "topic-7"]


def test_why_is_told_as_before_a_pause(house: House, token: str) -> None:
    before = shown(house.preferring.reader(token))
    house.preferring.pause(token, months=1)
    house.clock.move(days=60)
    with writing(house.workspace.engine) as connection:
        assert pausing.resume_due(connection, house.clock()) == 5

    assert house.preferring.reader(token) == before


# Links


def test_voiding_the_links_leaves_one_that_opens_the_page(house: House, token: str) -> None:
    """T4: and a line in the audit, which names nobody."""
    fresh = house.preferring.void_links(token)

    assert isinstance(fresh, FreshLink)
    assert isinstance(house.preferring.reader(fresh.token), Reader)
    assert house.preferring.reader(token) == Voided()
    with reading(house.workspace.engine) as connection:
        line = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(1)).one()
    assert (line.actor, line.action, line.subject) == (
        "reader",
        "reader voids links",
        "one person",
    )


def test_a_link_of_an_earlier_epoch_opens_nothing_and_changes_nothing(
    house: House, token: str
) -> None:
    """T4."""
    for _ in range(3):
        house.preferring.void_links(house.token(Purpose.PREFERENCES))
    before = house.ledger

    answers = [
        house.preferring.reader(token),
        house.preferring.save(token, choices()),
        house.preferring.pause(token, months=1),
        house.preferring.resume(token),
        house.preferring.leave_all(token),
        house.preferring.void_links(token),
    ]

    assert answers == [Voided()] * len(answers)
    assert house.ledger == before
    assert house.person.epoch == 3


def test_links_to_leave_work_whatever_was_voided(house: House, token: str) -> None:
    """T3."""
    unsubscribe = house.token(Purpose.UNSUBSCRIBE)
    house.preferring.void_links(token)

    left = house.leaving.leave(unsubscribe, one_click=True)

    assert isinstance(left, Leaver)
    assert statuses(house)["topic-0"] is SubscriptionStatus.UNSUBSCRIBED


def test_of_two_who_void_at_once_one_gets_the_fresh_link(house: House, token: str) -> None:
    """Whoever presses the button twice, and whoever else has the old link."""
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(house.preferring.void_links, [token, token]))

    assert sorted(type(one).__name__ for one in both) == ["FreshLink", "Voided"]
    assert house.person.epoch == 1


def test_a_link_that_is_voided_while_it_is_used_does_nothing_any_more(
    house: House, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified = house.preferring._verified

    def overtaken(asked: str) -> object:
        found = verified(asked)
        with writing(house.workspace.engine) as connection:
            link_epochs.void_links(connection, house.person.id, at=NOW)
        return found

    monkeypatch.setattr(house.preferring, "_verified", overtaken)

    assert house.preferring.leave_all(token) == Voided()
    assert set(statuses(house).values()) == {ACTIVE}


def test_whose_links_were_voided_and_who_was_erased_since_is_nobody(
    house: House, token: str
) -> None:
    """T7: whatever epoch a link is of, the answer is one that anybody's may get."""
    fresh = house.preferring.void_links(token)
    assert isinstance(fresh, FreshLink)
    erase(house.workspace, ADDRESS, actor="mair")

    assert house.preferring.reader(token) == Forgotten()
    assert house.preferring.reader(fresh.token) is None
    assert house.preferring.save(fresh.token, choices()) is None


def test_tokens_of_a_random_epoch_open_nothing_but_their_own(house: House) -> None:
    handle = house.person.handle
    tokens = house.workspace.tokens

    @given(epoch=st.integers(0, 30), current=st.integers(0, 30))
    def opens_its_own(epoch: int, current: int) -> None:
        with writing(house.workspace.engine) as connection:
            connection.execute(update(subscribers).values(epoch=current))
        opened = house.preferring.reader(
            tokens.token(Purpose.PREFERENCES, handle=handle, epoch=epoch)
        )
        assert isinstance(opened, Reader) == (epoch == current)
        assert (opened is None) == (epoch > current)

    opens_its_own()


@pytest.mark.parametrize(
    ("made_in", "answer"), [(999, Voided()), (968, Voided()), (967, None), (0, None)]
)
def test_what_a_forged_link_costs_does_not_grow_with_how_often_links_were_voided(
    house: House, made_in: int, answer: Opened
) -> None:
    """T7: as nothing but the last ones are looked through."""
    person = house.person
    with writing(house.workspace.engine) as connection:
        of_person = subscribers.c.id == person.id
        connection.execute(update(subscribers).where(of_person).values(epoch=1000))
    link = house.workspace.tokens.token(Purpose.PREFERENCES, handle=person.handle, epoch=made_in)

    assert house.preferring.reader(link) == answer
