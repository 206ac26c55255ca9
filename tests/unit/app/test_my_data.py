"""Seeing what is held of oneself, by a fresh link (T3, L5)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from newsletter.app.workspace import Workspace
from newsletter.audience.subscribers import set_language, subscriber
from newsletter.domain.account import AccountWish
from newsletter.domain.confirming import Confirmation, Stage
from newsletter.domain.requests import RequestKind
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit
from tests.reader_account import OLD, AskingReader
from tests.workspaces import Clock, a_workspace


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


@pytest.fixture
def link(reader: AskingReader) -> str:
    reader.ask(AccountWish.MY_DATA)
    return reader.mailed(RequestKind.MY_DATA)


def text_of(answer: Confirmation) -> str:
    assert answer.download is not None
    return answer.download.content.decode()


def tellings(workspace: Workspace) -> list[tuple[object, ...]]:
    columns = audit.c["actor", "subject", "detail"]
    query = select(*columns).where(audit.c.action == "subscribers show")
    with reading(workspace.engine) as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_the_page_shows_nothing_but_the_masked_address(reader: AskingReader, link: str) -> None:
    """T9: opening the link gives nothing out, however often a scanner does."""
    shown = reader.look(link)

    assert (shown.stage, shown.masked_address) == (Stage.OPEN, "S***@example.org")
    assert (dict(shown.facts), shown.download) == ({}, None)


def test_the_text_is_in_the_language_of_the_page_that_asked_for_it(
    workspace: Workspace, reader: AskingReader, link: str
) -> None:
    with writing(workspace.engine) as connection:
        set_language(connection, subscriber(connection, OLD).id, "en")

    answer = reader.press(link, "text")

    assert answer.download is not None
    assert (answer.download.name, answer.download.media_type) == ("person.txt", "text/plain")
    assert text_of(answer).startswith(f"Yr wybodaeth sydd gennym am {OLD}\n")
    assert "ffynhonnell: form at the fair" in text_of(answer)


def test_the_json_holds_what_show_tells_and_what_was_asked_for(
    reader: AskingReader, link: str
) -> None:
    answer = reader.press(link, "json")

    assert answer.download is not None
    assert (answer.download.name, answer.download.media_type) == (
        "person.json",
        "application/json",
    )
    data = json.loads(text_of(answer))
    assert (data["email"], data["name"], data["language"]) == (OLD, "Siân", "cy")
    assert [one["kind"] for one in data["requests"]] == ["my-data"]
    assert set(data["why"]) == {"en", "cy"}


@pytest.mark.parametrize("choice", ["", "xml", "json\r\nX: y"])
def test_whatever_else_is_chosen_gives_the_text(
    reader: AskingReader, link: str, choice: str
) -> None:
    assert text_of(reader.press(link, choice)).startswith("Yr wybodaeth")


def test_it_may_be_repeated_until_the_link_is_over(
    reader: AskingReader, link: str, clock: Clock
) -> None:
    first = text_of(reader.press(link, "text"))
    clock.move(minutes=59)
    second = reader.press(link, "json")
    clock.move(minutes=1)

    assert first
    assert second.download is not None
    assert reader.press(link, "text").stage is Stage.OVER
    assert reader.look(link).stage is Stage.OVER


def test_each_download_is_on_record_and_names_nobody(
    workspace: Workspace, reader: AskingReader, link: str
) -> None:
    """X15"""
    for choice in ("text", "json"):
        reader.press(link, choice)

    assert tellings(workspace) == [("reader", "one person", "downloaded by the person")] * 2
