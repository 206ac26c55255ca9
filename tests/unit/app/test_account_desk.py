"""Asking for what needs a fresh link: nothing is done yet, and nothing is told (T3, T13)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from newsletter.app.erasing import erase
from newsletter.app.suppressing import suppress
from newsletter.app.workspace import Workspace
from newsletter.audience import subscribers
from newsletter.domain.account import AccountWish
from newsletter.domain.admission import Verdict
from newsletter.domain.people import SuppressionReason
from newsletter.domain.readers import Forgotten, Voided
from newsletter.domain.requests import RequestKind
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import notices, requests
from newsletter.storage.schema import subscribers as subscribers_table
from newsletter.tokens.tokens import INERT_TOKEN, Purpose
from tests.reader_account import NEW, OLD, AskingReader, add_person
from tests.workspaces import Clock, a_workspace

EVERY_WISH = pytest.mark.parametrize("wish", list(AccountWish))


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


def rows(workspace: Workspace) -> list[tuple[object, ...]]:
    columns = requests.c["kind", "address", "language", "ip"]
    with reading(workspace.engine) as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(requests.c.id))]


def ask(reader: AskingReader, wish: AccountWish) -> Verdict | None:
    return reader.ask(wish, NEW if wish is AccountWish.ADDRESS else "")


def test_the_page_shows_the_address_masked(reader: AskingReader) -> None:
    """T9"""
    assert reader.account.masked_address(reader.token) == "S***@example.org"


@pytest.mark.parametrize(
    ("wish", "kind"), [("my-data", RequestKind.MY_DATA), ("erase", RequestKind.ERASE)]
)
def test_a_wish_is_written_down_for_the_readers_own_address(
    workspace: Workspace, reader: AskingReader, wish: str, kind: RequestKind
) -> None:
    assert reader.ask(AccountWish(wish)) is Verdict.TAKEN

    assert rows(workspace) == [(kind, OLD, "cy", "192.0.2.7")]
    assert len(reader.woken) == 1


def test_another_address_is_asked_about_at_both_ends(
    workspace: Workspace, reader: AskingReader
) -> None:
    assert reader.ask(AccountWish.ADDRESS, NEW) is Verdict.TAKEN

    assert rows(workspace) == [
        (RequestKind.ADDRESS_FROM, OLD, "cy", "192.0.2.7"),
        (RequestKind.ADDRESS_TO, NEW, "cy", "192.0.2.7"),
    ]


@EVERY_WISH
def test_asking_changes_nothing_about_the_reader_and_sends_nothing_by_itself(
    workspace: Workspace, reader: AskingReader, wish: AccountWish
) -> None:
    with reading(workspace.engine) as connection:
        before = subscribers.subscriber(connection, OLD)

    ask(reader, wish)

    with reading(workspace.engine) as connection:
        assert subscribers.subscriber(connection, OLD) == before
        assert connection.execute(select(notices)).all() == []


@pytest.mark.parametrize("standing", ["nobody", "on the list", "suppressed", "erased", "their own"])
def test_the_answer_is_the_same_whatever_is_known_of_the_new_address(
    workspace: Workspace, reader: AskingReader, standing: str
) -> None:
    """T13"""
    if standing in ("on the list", "erased"):
        add_person(workspace, NEW, "Somebody else")
    if standing == "erased":
        erase(workspace, NEW, actor="mair")
    if standing == "suppressed":
        reason = SuppressionReason.REQUEST
        suppress(workspace, NEW, reason=reason, evidence="a letter", actor="mair")

    verdict = reader.ask(AccountWish.ADDRESS, OLD if standing == "their own" else NEW)

    assert verdict is Verdict.TAKEN
    assert len(rows(workspace)) == 2


@EVERY_WISH
def test_no_other_token_asks_for_anything(
    workspace: Workspace, reader: AskingReader, wish: AccountWish
) -> None:
    """T2: a link to leave, to confirm or to read opens no profile."""
    with reading(workspace.engine) as connection:
        handle = subscribers.subscriber(connection, OLD).handle
    others = [
        workspace.tokens.token(purpose, handle=handle)
        for purpose in Purpose
        if purpose is not Purpose.PREFERENCES
    ]
    forged = reader.token[:-2] + ("AA" if reader.token[-2:] != "AA" else "BA")

    for token in (*others, forged, INERT_TOKEN, reader.token[:-1], "", "x" * 10_000):
        assert reader.ask(wish, NEW, token or "?") is None
        assert reader.account.masked_address(token) is None

    assert rows(workspace) == []


def test_a_link_that_was_voided_asks_for_nothing(
    workspace: Workspace, reader: AskingReader
) -> None:
    """T4"""
    with writing(workspace.engine) as connection:
        connection.execute(update(subscribers_table).values(epoch=1))

    assert reader.ask(AccountWish.MY_DATA) is None
    assert reader.account.masked_address(reader.token) == Voided()
    assert reader.ask(AccountWish.MY_DATA, token=reader.link()) is Verdict.TAKEN


def test_of_somebody_erased_only_that_is_told(workspace: Workspace, reader: AskingReader) -> None:
    """T7"""
    erase(workspace, OLD, actor="mair")

    assert reader.account.masked_address(reader.token) == Forgotten()
    assert reader.ask(AccountWish.MY_DATA) is None
    assert rows(workspace) == []


@EVERY_WISH
def test_pressing_twice_is_as_good_as_once(
    workspace: Workspace, reader: AskingReader, wish: AccountWish
) -> None:
    ask(reader, wish)
    once = rows(workspace)

    assert ask(reader, wish) is Verdict.IGNORED

    assert rows(workspace) == once


def test_another_new_address_is_another_wish(workspace: Workspace, reader: AskingReader) -> None:
    """Whoever mistyped it does not have to wait."""
    reader.ask(AccountWish.ADDRESS, "sian.nwe@example.com")

    assert reader.ask(AccountWish.ADDRESS, NEW) is Verdict.TAKEN
    assert len(rows(workspace)) == 4


@EVERY_WISH
def test_a_wish_may_be_made_three_times_a_day(
    workspace: Workspace, reader: AskingReader, clock: Clock, wish: AccountWish
) -> None:
    """T14: whoever has the newsletter of somebody else fills no mailboxes by it."""
    verdicts = []
    for _ in range(5):
        verdicts.append(ask(reader, wish))
        clock.move(minutes=2)
    three = rows(workspace)
    clock.move(days=1)

    assert verdicts == [*[Verdict.TAKEN] * 3, *[Verdict.CROWDED] * 2]
    assert len(three) == (6 if wish is AccountWish.ADDRESS else 3)
    assert ask(reader, wish) is Verdict.TAKEN


def test_one_wish_made_often_keeps_nobody_from_another(reader: AskingReader, clock: Clock) -> None:
    for _ in range(4):
        reader.ask(AccountWish.MY_DATA)
        clock.move(minutes=2)

    assert reader.ask(AccountWish.ERASE) is Verdict.TAKEN
