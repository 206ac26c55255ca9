"""What a reader does by the link in a real message, and what the next edition makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from newsletter.app import approving, edition_status
from newsletter.app.editing import import_edition
from newsletter.app.sending import Sender
from newsletter.app.telling import story, story_json
from newsletter.app.workspace import Workspace
from newsletter.cli.public_site import public_site
from tests.independent_decoder import read_multipart, read_part
from tests.smtp_server import Received, RecordingServer
from tests.workspaces import PEOPLE, SHORT, Clock, a_workspace, edition_file, ready_to_send

BASE = "https://news.example.org"
READER = "angharad@example.org"
NEXT = "2026-10"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as server:
        yield server


@pytest.fixture
def workspace(tmp_path: Path, server: RecordingServer, clock: Clock) -> Iterator[Workspace]:
    """An edition has gone to twelve people, and the next one is approved."""
    with a_workspace(tmp_path / "workspace", relay=server.url, clock=clock) as workspace:
        ready_to_send(workspace)
        Sender(workspace, "test").run(SHORT)
        import_edition(workspace, edition_file(workspace, NEXT), actor="test")
        approving.approve(workspace, NEXT, actor="test")
        yield workspace


@pytest.fixture
def site(workspace: Workspace) -> TestClient:
    return TestClient(
        public_site(workspace, listening_on="0.0.0.0"), base_url=BASE, follow_redirects=False
    )


def last_message(server: RecordingServer) -> Received:
    return [one for one in server.messages if one.rcpt_to == READER][-1]


def link(message: Received, page: str) -> str:
    """The path of the link to that page, as the message has it in any of its parts."""
    body = re.sub(rb"=\r\n", b"", message.content).replace(b"=3D", b"=").decode()
    (found,) = set(re.findall(rf"{BASE}/cy/{page}/[\w-]{{47}}", body))
    return str(urlsplit(found).path)


def messages_of_next(workspace: Workspace, server: RecordingServer) -> list[Received]:
    Sender(workspace, "test").run(NEXT)
    return server.messages[PEOPLE:]


def of_bulletin(workspace: Workspace) -> str:
    (subscription,) = story_json(workspace, story(workspace, READER))["subscriptions"]
    return str(subscription["status"])


def test_who_pauses_gets_no_edition_until_the_pause_is_over(
    site: TestClient, workspace: Workspace, server: RecordingServer, clock: Clock
) -> None:
    page = link(last_message(server), "preferences")
    paused = site.post(page, data={"pause": "yes", "months": "1"})
    while_pausing = edition_status.status(workspace, NEXT).expected
    clock.move(days=31)
    before = edition_status.status(workspace, NEXT).expected

    received = messages_of_next(workspace, server)

    assert "2 Rhagfyr 2026" in paused.text
    assert (while_pausing, before, len(received)) == (PEOPLE - 1, PEOPLE, PEOPLE)
    assert READER in [one.rcpt_to for one in received]
    why = story_json(workspace, story(workspace, READER))["why"]["en"]
    assert "Your address was on a list that we already had." in why
    assert "pause" not in why
    assert "Roedd eich cyfeiriad ar restr a oedd gennym eisoes." in site.get(page).text


def test_who_pauses_is_left_out_and_may_start_again(
    site: TestClient, workspace: Workspace, server: RecordingServer
) -> None:
    page = link(last_message(server), "preferences")
    site.post(page, data={"pause": "yes", "months": "6"})
    paused = of_bulletin(workspace)

    received = messages_of_next(workspace, server)
    site.post(page, data={"resume": "yes"})

    assert READER not in [one.rcpt_to for one in received]
    assert len(received) == PEOPLE - 1
    assert (paused, of_bulletin(workspace)) == ("paused", "active")


def test_who_wants_plain_text_gets_the_next_edition_as_such(
    site: TestClient, workspace: Workspace, server: RecordingServer
) -> None:
    page = link(last_message(server), "preferences")
    before = read_part(last_message(server).content)

    data = {"topic": "monthly-bulletin", "language": "cy", "format": "text"}
    site.post(page, data=data)
    messages_of_next(workspace, server)

    assert len(read_multipart(before)) == 2
    after = read_part(last_message(server).content)
    assert after.one("Content-Type").startswith("text/plain")


def test_links_of_before_are_void_and_those_of_the_next_edition_work(
    site: TestClient, workspace: Workspace, server: RecordingServer
) -> None:
    """T4, T3: leaving works by both."""
    old = last_message(server)
    page = link(old, "preferences")

    voided = site.post(page, data={"void": "yes"})
    messages_of_next(workspace, server)

    new = link(last_message(server), "preferences")
    assert voided.status_code == 303
    assert site.get(voided.headers["location"]).status_code == 200
    assert site.get(page).status_code == 410
    assert site.post(page, data={"everything": "yes"}).status_code == 410
    assert of_bulletin(workspace) == "active"
    assert new != page
    assert site.get(new).status_code == 200
    assert site.get(link(last_message(server), "unsubscribe")).status_code == 200
    assert site.post(link(old, "unsubscribe")).status_code == 200
    assert of_bulletin(workspace) == "unsubscribed"
