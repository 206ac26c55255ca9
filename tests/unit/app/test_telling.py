"""A person's whole story, as it is told and as it is written to files."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from newsletter.app.edition_audience import EditionAudience
from newsletter.app.erasing import erase
from newsletter.app.freezing import freeze_audience
from newsletter.app.sending import Sender
from newsletter.app.story_words import StoryWords
from newsletter.app.suppressing import suppress
from newsletter.app.telling import story, story_for_staff, story_json, write_story
from newsletter.app.workspace import Workspace
from newsletter.audience import leaving, pausing, subscribers, topics
from newsletter.audience.consent_ledger import write_subscriptions
from newsletter.audience.grounds import Grounds
from newsletter.audience.joining import add_people
from newsletter.audience.person import Person
from newsletter.audience.requests.asking import ask
from newsletter.dispatch.notices.queue import add_notices
from newsletter.domain.errors import BadInput
from newsletter.domain.notices import NewNotice, NoticeKind, NoticeSkip
from newsletter.domain.people import (
    READER,
    Basis,
    ConsentSource,
    SubscriptionStatus,
    SuppressionReason,
    Wording,
)
from newsletter.domain.requests import LeavingReason, NewRequest, RequestKind, RequestOutcome
from newsletter.editions import store
from newsletter.mail.addresses import parse_address
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit, leaving_reasons, notices, requests
from tests.workspaces import TOPIC, Clock, a_workspace, ready_to_send

A_MONTH_ON = datetime(2026, 6, 3, 12, tzinfo=UTC)
ADDRESS = "Dai@example.org"
JUST_BEFORE_MIDNIGHT = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)  # 23:30 in the United Kingdom
FORM = Grounds(
    Basis.PUBLIC_TASK,
    "form at the fair",
    Wording("Our {news}, monthly.", "en", "3"),
    "mair",
    JUST_BEFORE_MIDNIGHT,
    "192.0.2.7",
)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    clock = Clock(JUST_BEFORE_MIDNIGHT)
    with a_workspace(tmp_path / "workspace", clock=clock) as workspace:
        yield workspace


def add(workspace: Workspace, grounds: Grounds = FORM, *, language: str = "cy") -> None:
    person = Person(parse_address(ADDRESS), "Dai", language)
    with writing(workspace.engine) as connection:
        bulletin = topics.topic(connection, TOPIC)
        seals = workspace.seals
        add_people(connection, [person], bulletin, grounds, default_language="en", seals=seals)


def set_status(workspace: Workspace, status: SubscriptionStatus, grounds: Grounds) -> None:
    with writing(workspace.engine) as connection:
        person = subscribers.subscriber(connection, ADDRESS)
        bulletin = topics.topic(connection, TOPIC)
        write_subscriptions(connection, [person.id], bulletin.id, status, grounds)


def ask_for_it(workspace: Workspace) -> None:
    with writing(workspace.engine) as connection:
        ask(connection, [NewRequest(RequestKind.MY_DATA, ADDRESS, "cy", "page")], workspace.now())
    notify(workspace, NoticeKind.MY_DATA)


def notify(workspace: Workspace, kind: NoticeKind) -> None:
    now = workspace.now()
    notice = NewNotice(kind, ADDRESS, "cy", now + timedelta(hours=1))
    with writing(workspace.engine) as connection:
        add_notices(connection, [notice], now)


def told(workspace: Workspace) -> str:
    return story_for_staff(workspace, story(workspace, ADDRESS))


def why(workspace: Workspace, language: str = "en") -> str:
    text: str = story_json(workspace, story(workspace, ADDRESS))["why"][language]
    return text


def test_why_somebody_gets_it_is_told_in_words_that_can_be_sent(workspace: Workspace) -> None:
    """L1: basis, source, wording, who recorded it, and the day where the site is."""
    add(workspace)

    assert why(workspace) == (
        "You receive Monthly bulletin, and have done so since 3 May 2026."
        " Sending it is part of our work as a public body."
        " How you came onto the list: form at the fair."
        " You were told (version 3): “Our {news}, monthly.”"
        " This was recorded by mair on 3 May 2026."
        "\n\nYou can leave at any time, with the link at the end of every email that we send you."
    )
    assert why(workspace, "cy").startswith(
        "Rydych yn derbyn Bwletin misol, a hynny ers 3 Mai 2026."
        " Mae ei anfon yn rhan o’n gwaith fel corff cyhoeddus."
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (ConsentSource.STAFF_ADD, "Our staff added you to the list."),
        (ConsentSource.PREFERENCES_PAGE, "You chose it on your preferences page."),
        (ConsentSource.SIGN_UP_CONFIRMED, "confirmed it by the link that we emailed to you."),
        ("import of list.csv", "Your address was on a list that we already had."),
    ],
)
def test_what_the_program_recorded_is_said_in_its_own_words(
    workspace: Workspace, source: str, words: str
) -> None:
    add(workspace, Grounds(Basis.CONSENT, source, None, READER, JUST_BEFORE_MIDNIGHT))

    assert f"{words} We have no record of the words" in why(workspace)
    assert "You did this yourself on 3 May 2026." in why(workspace)


def test_why_is_told_after_a_pause_as_it_was_before(workspace: Workspace) -> None:
    add(workspace)
    before = why(workspace)

    with writing(workspace.engine) as connection:
        person = subscribers.subscriber(connection, ADDRESS)
        pausing.pause(connection, person.id, A_MONTH_ON, at=workspace.now())
    paused = why(workspace)
    with writing(workspace.engine) as connection:
        pausing.resume_due(connection, A_MONTH_ON)

    assert "You have paused Monthly bulletin" in paused
    assert "It starts again on 3 June 2026." in paused
    assert why(workspace) == before


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (SubscriptionStatus.PENDING, "not yet confirmed that you would like Monthly bulletin"),
        (SubscriptionStatus.PAUSED, "You have paused Monthly bulletin"),
        (SubscriptionStatus.UNSUBSCRIBED, "You left Monthly bulletin on 3 May 2026"),
    ],
)
def test_who_gets_nothing_is_told_that_and_why(
    workspace: Workspace, status: SubscriptionStatus, words: str
) -> None:
    add(workspace)
    set_status(workspace, status, FORM)

    assert why(workspace).startswith("You do not receive any of our newsletters.\n\n")
    assert words in why(workspace)
    assert "You can leave" not in why(workspace)


def test_the_story_tells_everything_in_order(workspace: Workspace) -> None:
    add(workspace)
    with writing(workspace.engine) as connection:
        person = subscribers.subscriber(connection, ADDRESS)
        at = JUST_BEFORE_MIDNIGHT
        leaving.leave_all(
            connection, person.id, source=ConsentSource.ONE_CLICK, actor=READER, at=at
        )
    reason = SuppressionReason.COMPLAINT
    suppress(workspace, "@example.org", reason=reason, evidence="letter 7", actor="mair")

    assert told(workspace) == (
        "What we hold about Dai@example.org\n"
        "==================================\n\n"
        "Email: Dai@example.org\nName: Dai\nLanguage: Cymraeg\n"
        "Format: formatted, with pictures\nOn the list since: 3 May 2026\n\n"
        "Newsletters\n-----------\nMonthly bulletin: unsubscribed, since 3 May 2026\n\n"
        "Emails stopped\n--------------\n"
        "since 3 May 2026, for everybody at @example.org: an email was reported as unwanted\n"
        "Evidence: letter 7\n\n"
        "Pam y cefais i hwn?\n-------------------\n"
        f"{why(workspace, 'cy')}\n\n"
        "What happened\n-------------\n"
        "3 May 2026, 23:30  Monthly bulletin: subscribed\n"
        "    source: form at the fair; basis: public task; recorded by mair;"
        " IP address: 192.0.2.7\n"
        "    Told (English, version 3): “Our {news}, monthly.”\n"
        "3 May 2026, 23:30  Monthly bulletin: unsubscribed\n"
        "    source: the unsubscribe button of the mail program; basis: public task;"
        " the person’s own act\n\n"
        "Editions sent\n-------------\nNone\n"
    )


def test_what_was_asked_for_and_mailed_about_it_is_part_of_the_story(
    workspace: Workspace,
) -> None:
    add(workspace)
    ask_for_it(workspace)

    known = story_json(workspace, story(workspace, ADDRESS))

    (asked,), (noticed,) = known["requests"], known["notices"]
    assert (asked["kind"], asked["outcome"]) == ("my-data", None)
    assert (noticed["kind"], noticed["state"], noticed["reason"]) == ("my-data", "pending", None)
    assert told(workspace).endswith(
        "Requests made on our web pages\n------------------------------\n"
        "3 May 2026, 23:30  a copy of what we hold: not looked at yet\n\n"
        "Emails about those requests\n---------------------------\n"
        "3 May 2026, 23:30  a link to a copy of what we hold: waiting to be sent\n"
    )


def test_somebody_who_only_ever_asked_is_told_of_that(workspace: Workspace) -> None:
    """L5: what is held of people who are on no list."""
    ask_for_it(workspace)

    text = told(workspace)

    assert text.startswith("Dai@example.org\n===============\n\nThis address is not on the list.\n")
    assert "a copy of what we hold: not looked at yet\n" in text


def test_somebody_whom_only_a_notice_went_to_is_told_of_that(workspace: Workspace) -> None:
    notify(workspace, NoticeKind.ADDRESS_CHANGED)

    assert "that the address was changed: waiting to be sent\n" in told(workspace)


def test_no_token_is_told(workspace: Workspace) -> None:
    """Whoever may read a story may not thereby confirm or leave."""
    add(workspace)
    ask_for_it(workspace)
    with reading(workspace.engine) as connection:
        handles = [
            connection.execute(select(table.c.handle)).scalar_one() for table in (requests, notices)
        ]

    text = json.dumps(story_json(workspace, story(workspace, ADDRESS))) + told(workspace)

    assert [one for one in handles if str(one) in text or f"{one:x}" in text] == []


def test_a_pause_is_told_with_its_end_and_leaving_with_its_reason(workspace: Workspace) -> None:
    add(workspace)
    with writing(workspace.engine) as connection:
        person = subscribers.subscriber(connection, ADDRESS)
        bulletin = topics.topic(connection, TOPIC)
        write_subscriptions(
            connection,
            [person.id],
            bulletin.id,
            SubscriptionStatus.PAUSED,
            FORM,
            resumes_at=JUST_BEFORE_MIDNIGHT + timedelta(days=31),
        )
        said = {"reason": LeavingReason.TOO_OFTEN, "at": JUST_BEFORE_MIDNIGHT}
        row = {"subscriber_id": person.id, "topic_id": bulletin.id, **said}
        connection.execute(insert(leaving_reasons).values(row))

    text = told(workspace)

    assert "Monthly bulletin: paused until 3 June 2026, subscribed since 3 May 2026\n" in text
    assert "given for leaving\n" in text
    assert "3 May 2026, 23:30  Monthly bulletin: too many emails\n" in text


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_kind_and_outcome_has_words(language: str) -> None:
    words = StoryWords(language, "Europe/London")

    for prefix, values in (
        ("request", RequestKind),
        ("asked", RequestOutcome),
        ("notice", NoticeKind),
        ("skip", NoticeSkip),
        ("reason", LeavingReason),
    ):
        assert [one for one in values if not words.one_of(prefix, one)] == []


def test_editions_that_went_out_are_part_of_the_story(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "workspace") as workspace:
        add(workspace)
        slug = ready_to_send(workspace)
        Sender(workspace, "test").run(slug)

        (delivery,) = story_json(workspace, story(workspace, ADDRESS))["deliveries"]

        assert (delivery["edition"], delivery["state"]) == (slug, "accepted")
        assert f"{slug}: accepted by the mail server\n" in told(workspace)


def test_an_edition_that_waits_to_be_sent_has_no_time_yet(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "workspace") as workspace:
        add(workspace)
        slug = ready_to_send(workspace)
        with writing(workspace.engine) as connection:
            everyone = EditionAudience(topics.topic(connection, TOPIC).id, ("en", "cy"), None)
            freeze_audience(connection, store.edition(connection, slug), everyone)

        (delivery,) = story_json(workspace, story(workspace, ADDRESS))["deliveries"]

        assert (delivery["state"], delivery["at"]) == ("pending", None)
        assert f"\n{slug}: waiting to be sent\n" in told(workspace)


@pytest.mark.parametrize("is_erased", [True, False])
def test_who_is_only_kept_off_the_list_gets_a_clear_answer(
    workspace: Workspace, *, is_erased: bool
) -> None:
    reason = SuppressionReason.REQUEST
    suppress(workspace, ADDRESS, reason=reason, evidence="letter 7", actor="mair")
    if is_erased:
        erase(workspace, ADDRESS, actor="mair")

    known = story_json(workspace, story(workspace, ADDRESS))

    assert (known["email"], known["language"], known["subscriptions"]) == (ADDRESS, None, [])
    assert known["suppression"]["reason"] == ("erased" if is_erased else "request")
    words = (
        "has nothing of whoever" if is_erased else "not on the list.\nsince 3 May 2026: asked for"
    )
    assert words in told(workspace)


def test_nobody_is_bad_input(workspace: Workspace) -> None:
    with pytest.raises(BadInput, match="nobody on the list"):
        story(workspace, "nobody@example.org")


def test_whoever_asks_gets_it_all_in_their_language_and_in_private(workspace: Workspace) -> None:
    """L5, X13, X15"""
    add(workspace)
    folder = workspace.settings.folder / "asked" / "dai"

    files = write_story(workspace, story(workspace, ADDRESS), folder, actor="mair")

    assert [one.name for one in files] == ["person.json", "person.txt"]
    assert [stat.S_IMODE(one.stat().st_mode) for one in files] == [0o600, 0o600]
    assert json.loads(files[0].read_text(encoding="utf-8"))["email"] == ADDRESS
    text = files[1].read_text(encoding="utf-8")
    assert text.startswith("Yr wybodaeth sydd gennym am Dai@example.org\n")
    assert "ffynhonnell: form at the fair; sail: tasg gyhoeddus" in text
    with reading(workspace.engine) as connection:
        row = connection.execute(select(audit).where(audit.c.action == "subscribers show")).one()
    assert (row.actor, row.subject) == ("mair", "one person")
