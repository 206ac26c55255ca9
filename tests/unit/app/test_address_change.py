"""A change of address: made when both mailboxes have confirmed it, and not before (T3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import select

from newsletter.app.edition_audience import EditionAudience
from newsletter.app.erasing import erase
from newsletter.app.freezing import freeze_audience
from newsletter.app.readers.leaving import Leaving
from newsletter.app.readers.preferring import Preferring
from newsletter.app.sending import Sender
from newsletter.app.suppressing import suppress
from newsletter.app.telling import story, story_json
from newsletter.app.workspace import Workspace
from newsletter.audience import subscribers, topics
from newsletter.audience.requests.asking import ask
from newsletter.dispatch.notices.queue import add_notices
from newsletter.domain.account import AccountWish
from newsletter.domain.confirming import Confirmation, Stage
from newsletter.domain.notices import NewNotice, NoticeKind
from newsletter.domain.people import ConsentSource, SuppressionReason
from newsletter.domain.readers import Voided
from newsletter.domain.requests import NewRequest, RequestKind
from newsletter.editions import store
from newsletter.mail.addresses import parse_address
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit, notices, requests
from newsletter.tokens.tokens import Purpose
from tests.reader_account import NEW, OLD, AskingReader, add_person
from tests.workspaces import TOPIC, Clock, a_workspace, ready_to_send

FROM, TO = RequestKind.ADDRESS_FROM, RequestKind.ADDRESS_TO


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "workspace", clock=clock) as workspace:
        yield workspace


@pytest.fixture
def reader(workspace: Workspace) -> AskingReader:
    return AskingReader(workspace)


def add_notice_of_welcome(workspace: Workspace, address: str) -> None:
    new = NewNotice(NoticeKind.WELCOME, address, "en", workspace.now() + timedelta(days=7))
    with writing(workspace.engine) as connection:
        add_notices(connection, [new], workspace.now())


def somebody_elses_request(address: str) -> NewRequest:
    return NewRequest(RequestKind.MY_LINK, address, "en", ConsentSource.SIGN_UP_PAGE)


def states(*answers: Confirmation) -> list[object]:
    return [one.facts["state"] for one in answers]


def addresses(workspace: Workspace) -> list[str]:
    with reading(workspace.engine) as connection:
        return [one.address for one in subscribers.all_subscribers(connection)]


def told(workspace: Workspace) -> list[tuple[object, ...]]:
    """Which notices follow from what was confirmed."""
    columns = notices.c["kind", "address", "language", "details"]
    with reading(workspace.engine) as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


def both_ends(reader: AskingReader, new: str = NEW) -> tuple[str, str]:
    reader.ask(AccountWish.ADDRESS, new)
    return reader.mailed(FROM), reader.mailed(TO)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_change_is_made_when_both_ends_have_confirmed_it_in_any_order(
    workspace: Workspace, reader: AskingReader, order: tuple[int, int]
) -> None:
    ends = both_ends(reader)

    first = reader.press(ends[order[0]])
    between = addresses(workspace)
    second = reader.press(ends[order[1]])

    assert states(first, second) == ["waiting", "changed"]
    assert {first.stage, second.stage} == {Stage.DONE}
    assert between == [OLD]
    assert addresses(workspace) == [NEW]
    assert states(*map(reader.look, ends)) == ["changed", "changed"]


def test_the_pages_name_the_new_address_masked_and_to_the_new_mailbox_not_the_old_one(
    reader: AskingReader,
) -> None:
    """T9: a stranger who is asked by a slip of the pen learns nothing of the reader."""
    old_end, new_end = map(reader.look, both_ends(reader))

    assert (old_end.masked_address, old_end.facts["new_address"]) == (
        "S***@example.org",
        "S***@example.com",
    )
    assert "example.org" not in str(new_end)


def test_the_old_mailbox_is_told_in_the_readers_language(
    workspace: Workspace, reader: AskingReader
) -> None:
    for end in both_ends(reader):
        reader.press(end)

    assert told(workspace) == [(NoticeKind.ADDRESS_CHANGED, OLD, "cy", {"new_address": NEW})]


def test_the_change_is_on_record_and_names_nobody(
    workspace: Workspace, reader: AskingReader
) -> None:
    """X15"""
    for end in both_ends(reader):
        reader.press(end)

    with reading(workspace.engine) as connection:
        lines = connection.execute(select(audit)).all()
    last = lines[-1]
    assert (last.actor, last.action, last.subject) == (
        "reader",
        "reader changes address",
        "one person",
    )
    assert not [one for one in lines if "example.org" in str(one) or "example.com" in str(one)]


def test_old_links_to_the_preferences_are_void_and_those_to_leave_work(
    workspace: Workspace, reader: AskingReader
) -> None:
    """T4: newsletters lie in the mailbox that was left."""
    with reading(workspace.engine) as connection:
        handle = subscribers.subscriber(connection, OLD).handle
        public_id = topics.topic(connection, TOPIC).public_id
    leave = workspace.tokens.token(Purpose.UNSUBSCRIBE, handle=handle, topic=public_id)

    for end in both_ends(reader):
        reader.press(end)

    assert Preferring(workspace).reader(reader.token) == Voided()
    assert reader.account.masked_address(reader.token) == Voided()
    assert reader.account.masked_address(reader.link(NEW)) == "S***@example.com"
    assert Leaving(workspace).leave(leave, one_click=True) is not None
    with reading(workspace.engine) as connection:
        person = subscribers.subscriber(connection, NEW)
        (one,) = subscribers.subscriptions_of(connection, person.id)
    assert one.status == "unsubscribed"


def test_pressing_again_changes_nothing_more(workspace: Workspace, reader: AskingReader) -> None:
    ends = both_ends(reader)
    reader.press(ends[0])

    again = reader.press(ends[0])
    reader.press(ends[1])
    answers = [reader.press(end) for end in (*ends, *ends)]

    assert states(again) == ["waiting"]
    assert states(*answers) == ["changed"] * 4
    with reading(workspace.engine) as connection:
        assert subscribers.subscriber(connection, NEW).epoch == 1
    assert len(told(workspace)) == 1


@pytest.mark.parametrize("first", [0, 1])
def test_an_end_that_is_late_changes_nothing_and_both_pages_say_so(
    workspace: Workspace, reader: AskingReader, clock: Clock, first: int
) -> None:
    ends = both_ends(reader)
    reader.press(ends[first])
    clock.move(hours=1)

    late = reader.press(ends[1 - first])

    assert late.stage is Stage.OVER
    assert states(reader.look(ends[first])) == ["late"]
    assert addresses(workspace) == [OLD]


def test_the_ends_of_two_changes_do_not_go_together(
    workspace: Workspace, reader: AskingReader
) -> None:
    old_end, _ = both_ends(reader, "first@example.com")
    _, new_end = both_ends(reader, NEW)

    answers = [reader.press(old_end), reader.press(new_end)]

    assert states(*answers) == ["waiting", "waiting"]
    assert addresses(workspace) == [OLD]


def test_an_address_that_is_on_the_list_is_told_of_only_when_both_ends_were_confirmed(
    workspace: Workspace, reader: AskingReader
) -> None:
    """T13"""
    add_person(workspace, NEW, "Somebody else")
    ends = both_ends(reader)

    before = [*map(reader.look, ends), reader.press(ends[0]), reader.look(ends[1])]
    last = reader.press(ends[1])

    assert states(*before) == ["", "", "waiting", ""]
    assert states(last, *map(reader.look, ends)) == ["taken"] * 3
    assert addresses(workspace) == [OLD, NEW]
    assert told(workspace) == []


def test_an_address_whose_mail_was_stopped_for_good_stays_so(
    workspace: Workspace, reader: AskingReader
) -> None:
    stopped, reason = "stopped@example.com", SuppressionReason.MANUAL
    suppress(workspace, stopped, reason=reason, evidence="a letter", actor="mair")

    last = [reader.press(end) for end in both_ends(reader, stopped)][-1]

    assert states(last) == ["stopped"]
    assert addresses(workspace) == [OLD]


def test_who_confirms_at_an_address_that_bounced_or_was_erased_has_it(
    workspace: Workspace, reader: AskingReader
) -> None:
    """L4, B6"""
    erased = "erased@example.com"
    add_person(workspace, erased)
    erase(workspace, erased, actor="mair")

    last = [reader.press(end) for end in both_ends(reader, erased)][-1]

    assert states(last) == ["changed"]
    assert addresses(workspace) == [erased]


def test_the_same_address_in_another_spelling_is_the_same(
    workspace: Workspace, reader: AskingReader
) -> None:
    ends = both_ends(reader, OLD.upper())

    last = [reader.press(end) for end in ends][-1]

    assert states(last) == ["same"]
    assert addresses(workspace) == [OLD]


def test_whoever_has_moved_meanwhile_does_not_move_a_second_time(
    workspace: Workspace, reader: AskingReader
) -> None:
    first = both_ends(reader, "first@example.com")
    second = both_ends(reader, NEW)
    reader.press(first[0])
    reader.press(second[0])
    reader.press(second[1])

    last = reader.press(first[1])

    assert states(last) == ["gone"]
    assert addresses(workspace) == [NEW]


@pytest.mark.parametrize(
    ("wish", "kind"),
    [(AccountWish.ERASE, RequestKind.ERASE), (AccountWish.MY_DATA, RequestKind.MY_DATA)],
)
def test_what_was_asked_for_at_the_old_address_is_over_with_it(
    workspace: Workspace, reader: AskingReader, wish: AccountWish, kind: RequestKind
) -> None:
    """Else a page would say that everything about the person was erased, who is at another
    address."""
    reader.ask(wish)
    link = reader.mailed(kind)
    for end in both_ends(reader):
        reader.press(end)

    answer = reader.press(link)

    assert (answer.stage, answer.download) == (Stage.OVER, None)
    assert addresses(workspace) == [NEW]


def test_whoever_has_moved_and_is_erased_is_erased_at_the_addresses_of_before_as_well(
    workspace: Workspace, reader: AskingReader, clock: Clock
) -> None:
    """L4: what was asked for there names them by the address that they had then."""
    reader.ask(AccountWish.MY_DATA)
    add_notice_of_welcome(workspace, OLD)
    for end in both_ends(reader):
        reader.press(end)
    clock.move(hours=1)
    with writing(workspace.engine) as connection:
        ask(connection, [somebody_elses_request(OLD)], clock.at)

    erase(workspace, NEW, actor="mair")

    with reading(workspace.engine) as connection:
        assert connection.execute(select(notices.c.canonical)).all() == []
        left = connection.execute(select(*requests.c["canonical", "kind"])).all()
    assert [tuple(one) for one in left] == [(parse_address(OLD).canonical, RequestKind.MY_LINK)]


def test_whoever_has_moved_is_told_what_was_asked_for_and_mailed_before(
    workspace: Workspace, reader: AskingReader, clock: Clock
) -> None:
    """L5: it is still held, and is theirs; what others ask for at that address since is not."""
    reader.ask(AccountWish.MY_DATA)
    add_notice_of_welcome(workspace, OLD)
    for end in both_ends(reader):
        reader.press(end)
    clock.move(hours=1)
    with writing(workspace.engine) as connection:
        ask(connection, [somebody_elses_request(OLD)], clock.at)

    told = story_json(workspace, story(workspace, NEW))

    assert {one["kind"] for one in told["requests"]} == {"my-data", "address-from", "address-to"}
    assert "welcome" in {one["kind"] for one in told["notices"]}


def test_the_files_of_whoever_has_moved_are_searched_for_both_addresses(
    workspace: Workspace, reader: AskingReader
) -> None:
    """L4"""
    rejected = workspace.settings.data_folder / "imports" / "1.rejected.csv"
    rejected.parent.mkdir(exist_ok=True)
    rejected.write_text(f"email,reason\n{OLD},no such topic\n", encoding="utf-8")
    for end in both_ends(reader):
        reader.press(end)

    erased = erase(workspace, NEW, actor="mair")

    assert erased.files == (str(rejected),)
    assert not rejected.exists()


def test_whoever_was_erased_meanwhile_stays_erased(
    workspace: Workspace, reader: AskingReader
) -> None:
    """L4"""
    ends = both_ends(reader)
    reader.press(ends[1])
    erase(workspace, OLD, actor="mair")

    answers = [reader.press(end) for end in ends]

    assert addresses(workspace) == []
    assert not [one for one in answers if one.facts.get("state") == "changed"]


def test_what_is_still_to_be_sent_goes_to_the_new_address(
    workspace: Workspace, reader: AskingReader
) -> None:
    slug = ready_to_send(workspace)
    with writing(workspace.engine) as connection:
        everyone = EditionAudience(topics.topic(connection, TOPIC).id, ("en", "cy"), None)
        freeze_audience(connection, store.edition(connection, slug), everyone)

    for end in both_ends(reader):
        reader.press(end)
    Sender(workspace, "test").run(slug)

    outbox = workspace.settings.data_folder / "outbox" / "new"
    recipients = [message_from_bytes(one.read_bytes())["To"] for one in outbox.iterdir()]
    assert len([one for one in recipients if NEW in one]) == 1
    assert not [one for one in recipients if "example.org" in one and "Old" in one]
