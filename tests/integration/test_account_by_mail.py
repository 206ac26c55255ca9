"""What readers ask about themselves, the whole way: the form, the mail, the link in it, the button;
and what somebody can do who has nothing but a newsletter that was passed on (T3)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from httpx2 import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from newsletter.app.chores import run_chores
from newsletter.app.workspace import Workspace
from newsletter.audience import subscribers
from newsletter.cli.public_site import public_site
from newsletter.domain.account import AccountWish
from newsletter.storage.engine import reading
from newsletter.storage.schema import metadata
from tests.mail_links import links_of
from tests.public_pages import heading
from tests.reader_account import NEW, OLD, AskingReader
from tests.smtp_server import Received, RecordingServer
from tests.workspaces import Clock, a_workspace


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as server:
        yield server


@pytest.fixture
def workspace(tmp_path: Path, server: RecordingServer) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "workspace", relay=server.url, clock=Clock()) as workspace:
        yield workspace


@pytest.fixture
def reader(workspace: Workspace) -> AskingReader:
    return AskingReader(workspace)


@pytest.fixture
def browser(workspace: Workspace) -> Iterator[TestClient]:
    site = public_site(workspace, listening_on="127.0.0.1")
    with TestClient(site, "https://news.example.org", follow_redirects=False) as client:
        yield client


def preferences(reader: AskingReader) -> str:
    return f"/cy/preferences/{reader.token}"


def mailed(server: RecordingServer, address: str) -> list[Received]:
    return [one for one in server.messages if one.rcpt_to == address]


def confirm_link(message: Received) -> str:
    (path,) = {
        path
        for path in (urlsplit(link).path for link in links_of(message))
        if "/confirm/" in path and not path.endswith("/block")
    }
    return path


def rows_of(workspace: Workspace, *tables: str) -> dict[str, list[Any]]:
    with reading(workspace.engine) as connection:
        return {name: list(connection.execute(select(metadata.tables[name]))) for name in tables}


def test_an_address_is_changed_by_two_mails(
    workspace: Workspace, reader: AskingReader, browser: TestClient, server: RecordingServer
) -> None:
    asked = browser.post(f"{preferences(reader)}/address", data={"address": NEW})
    run_chores(workspace)
    ends = [confirm_link(mailed(server, one)[0]) for one in (OLD, NEW)]
    pages = [heading(browser.get(one).text) for one in ends]
    answers = [browser.post(one) for one in ends]
    run_chores(workspace)

    assert heading(asked.text) == "Edrychwch yn eich e-bost"
    assert pages == ["Cadarnhau eich newid cyfeiriad", "Cadarnhau eich cyfeiriad newydd"]
    assert [heading(one.text) for one in answers] == [
        "Un cam arall",
        "Mae eich cyfeiriad wedi’i newid",
    ]
    assert len(mailed(server, OLD)) == 2
    with reading(workspace.engine) as connection:
        assert subscribers.find(connection, NEW) is not None
    assert browser.get(preferences(reader)).status_code == 410


def test_the_data_comes_by_a_mail(
    workspace: Workspace, reader: AskingReader, browser: TestClient, server: RecordingServer
) -> None:
    browser.post(f"{preferences(reader)}/my-data")
    run_chores(workspace)
    link = confirm_link(mailed(server, OLD)[0])

    answers = [browser.post(link, data={"choice": one}) for one in ("text", "json", "text")]

    assert [one.status_code for one in answers] == [200] * 3
    assert answers[0].text.startswith(f"Yr wybodaeth sydd gennym am {OLD}")
    assert answers[0].headers["Content-Type"] == "text/plain; charset=utf-8"
    assert json.loads(answers[1].content)["email"] == OLD
    assert {one.headers["Cache-Control"] for one in answers} == {"no-store"}
    assert "attachment" in answers[1].headers["Content-Disposition"]


def test_somebody_is_erased_by_a_mail(
    workspace: Workspace, reader: AskingReader, browser: TestClient, server: RecordingServer
) -> None:
    browser.post(f"{preferences(reader)}/erase")
    run_chores(workspace)
    link = confirm_link(mailed(server, OLD)[0])

    shown, done, again = browser.get(link), browser.post(link), browser.post(link)

    assert heading(shown.text) == "Dileu popeth amdanoch?"
    assert heading(done.text) == "Mae popeth amdanoch wedi’i ddileu"
    assert again.status_code == 410
    assert heading(browser.get(preferences(reader)).text) == "Nid ydych ar ein rhestr"
    assert rows_of(workspace, "subscribers", "requests", "notices") == {
        "subscribers": [],
        "requests": [],
        "notices": [],
    }


def test_scanners_of_the_mail_change_nothing(
    workspace: Workspace, reader: AskingReader, browser: TestClient, server: RecordingServer
) -> None:
    """T5"""
    browser.post(f"{preferences(reader)}/address", data={"address": NEW})
    for wish in ("my-data", "erase"):
        browser.post(f"{preferences(reader)}/{wish}")
    run_chores(workspace)
    before = rows_of(workspace, *metadata.tables)

    for message in server.messages:
        for link in links_of(message):
            place = urlsplit(link)
            for method in ("GET", "HEAD", "OPTIONS"):
                browser.request(method, f"{place.path}?{place.query}")

    assert len(server.messages) == 4
    assert rows_of(workspace, *metadata.tables) == before


def test_a_newsletter_that_was_passed_on_shows_moves_and_erases_nobody(
    workspace: Workspace, reader: AskingReader, browser: TestClient, server: RecordingServer
) -> None:
    """T3: its links ask for mail to the reader's own mailbox, and do no more."""
    before = rows_of(workspace, "subscribers", "suppressions")

    answers = [everything(browser, reader.token, wish) for wish in AccountWish]
    run_chores(workspace)

    seen = "".join(one.text + str(one.headers) for each in answers for one in each)
    assert OLD.lower() not in seen.lower()
    assert "form at the fair" not in seen
    assert not [one for each in answers for one in each if "Content-Disposition" in one.headers]
    assert rows_of(workspace, "subscribers", "suppressions") == before
    # The reader hears of it; and so does, once, whoever was named as the new one.
    assert sorted({one.rcpt_to for one in server.messages}) == sorted({OLD, NEW})


def everything(browser: TestClient, token: str, wish: AccountWish) -> list[Response]:
    """What can be done with the token, in each place where one is taken."""
    form = {"address": NEW, "choice": "json", "erase": "yes"}
    paths = [
        f"/en/preferences/{token}/{wish}",
        f"/en/confirm/{token}",
        f"/en/confirm/{token}/block",
        f"/en/unsubscribe/{token}",
        f"/u/{token}",
        f"/en/view/{token}",
    ]
    return [
        browser.request(method, path, data=form if method == "POST" else None)
        for path in paths
        for method in ("GET", "POST")
    ]


def test_whoever_was_named_as_the_new_one_by_a_stranger_learns_nothing_of_the_reader(
    reader: AskingReader, workspace: Workspace, browser: TestClient, server: RecordingServer
) -> None:
    """T9"""
    browser.post(f"{preferences(reader)}/address", data={"address": NEW})
    run_chores(workspace)
    (message,) = mailed(server, NEW)
    link = confirm_link(message)

    seen = [message.content.decode("latin-1"), browser.get(link).text, browser.post(link).text]

    assert not [one for one in seen if "siân" in one.lower() or "old@" in one.lower()]
    assert not [one for one in seen if "S***@example.org" in one]


@pytest.mark.parametrize("first", ["my-data", "erase"])
def test_a_link_for_one_thing_does_no_other(
    workspace: Workspace,
    reader: AskingReader,
    browser: TestClient,
    server: RecordingServer,
    first: str,
) -> None:
    """T2: what the form says makes no difference."""
    browser.post(f"{preferences(reader)}/my-data")
    run_chores(workspace)
    link = confirm_link(mailed(server, OLD)[0])
    token = link.rpartition("/")[2]

    answer = browser.post(link, data={"kind": "erase", "choice": first})
    elsewhere = [
        browser.post(f"/en/preferences/{token}/{one}", data={"address": NEW}) for one in AccountWish
    ]

    assert "Content-Disposition" in answer.headers
    assert {one.status_code for one in elsewhere} == {404}
    with reading(workspace.engine) as connection:
        assert subscribers.find(connection, OLD) is not None
