"""A reader's links, from a message that a real server received, through the real public pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from newsletter.app import approving
from newsletter.app.editing import import_edition
from newsletter.app.edition_status import status as edition_status
from newsletter.app.erasing import erase
from newsletter.app.sending import Sender
from newsletter.app.telling import story, story_json
from newsletter.app.workspace import Workspace
from newsletter.audience.topics import add_topic
from newsletter.cli.public_site import public_site
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import metadata
from tests.independent_decoder import decode_words, read_multipart, read_part
from tests.mail_links import links_of, one_click_path
from tests.smtp_server import Received, RecordingServer
from tests.workspaces import PEOPLE, SHORT, a_workspace, edition_file, ready_to_send

BASE = "https://news.example.org"


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as server:
        yield server


@pytest.fixture
def workspace(tmp_path: Path, server: RecordingServer) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "workspace", relay=server.url) as workspace:
        ready_to_send(workspace)
        Sender(workspace, "test").run(SHORT)
        yield workspace


@pytest.fixture
def site(workspace: Workspace) -> TestClient:
    return TestClient(
        public_site(workspace, listening_on="0.0.0.0"),
        base_url=BASE,
        follow_redirects=False,
    )


@pytest.fixture
def message(server: RecordingServer, workspace: Workspace) -> Received:
    """What a reader of Welsh received."""
    return next(one for one in server.messages if "angharad" in one.rcpt_to)


def _links(message: Received) -> set[str]:
    return {link for link in links_of(message) if link.startswith(BASE)}


def _link(message: Received, page: str) -> str:
    (found,) = {link for link in links_of(message) if link.startswith(f"{BASE}/cy/{page}/")}
    return urlsplit(found).path


def _all_rows(workspace: Workspace) -> dict[str, list[tuple[object, ...]]]:
    with reading(workspace.engine) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        }


def _add_topic(workspace: Workspace, slug: str, names: dict[str, str], *, private: bool) -> None:
    with writing(workspace.engine) as connection:
        add_topic(connection, slug, names=names, private=private, actor="test", now=workspace.now())


def _known(workspace: Workspace, address: str) -> dict[str, Any]:
    return story_json(workspace, story(workspace, address))


def _topics_of(workspace: Workspace, address: str) -> dict[str, str]:
    shown = _known(workspace, address)
    return {one["topic"]: one["status"] for one in shown["subscriptions"]}


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {"content": b""},
    ],
    ids=["urlencoded", "multipart", "empty"],
)
def test_one_click_leaves_without_cookie_or_redirect_and_is_not_mailed_again(
    site: TestClient,
    workspace: Workspace,
    server: RecordingServer,
    message: Received,
    body: dict[str, object],
) -> None:
    """T6, T8, RFC 8058 section 3.1."""
    answer = site.post(one_click_path(message), **body)  # type: ignore[arg-type]  # one of three forms

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert _topics_of(workspace, message.rcpt_to) == {"monthly-bulletin": "unsubscribed"}
    import_edition(workspace, edition_file(workspace, "2026-10"), actor="test")
    approving.approve(workspace, "2026-10", actor="test")
    Sender(workspace, "test").run("2026-10")
    second = server.accepted_recipients[PEOPLE:]
    assert len(second) == PEOPLE - 1
    assert message.rcpt_to not in second


def test_saying_it_twice_is_as_good_as_once(
    site: TestClient, workspace: Workspace, message: Received
) -> None:
    """T7."""
    first = site.post(one_click_path(message))
    before = _all_rows(workspace)

    second = site.post(one_click_path(message))

    assert (first.status_code, second.status_code) == (200, 200)
    assert _all_rows(workspace) == before


def test_a_scanner_that_follows_every_link_changes_nothing(
    site: TestClient, workspace: Workspace, message: Received
) -> None:
    """T5: every row of every table is as it was."""
    addresses = {urlsplit(link).path for link in _links(message)} | {one_click_path(message)}
    before = _all_rows(workspace)

    for address in addresses:
        site.options(address)
        for _ in range(100):
            site.get(address)
            site.head(address)

    assert len(addresses) >= 5
    assert _all_rows(workspace) == before


def test_the_page_with_one_button_leaves_and_offers_everything(
    site: TestClient, workspace: Workspace, message: Received
) -> None:
    _add_topic(workspace, "press", {"en": "Press", "cy": "Y wasg"}, private=False)
    page = _link(message, "unsubscribe")

    shown = site.get(page)
    left = site.post(page, data={})

    assert shown.status_code == left.status_code == 200
    assert 'lang="cy"' in shown.text
    assert "angharad@" not in shown.text
    assert _topics_of(workspace, message.rcpt_to) == {"monthly-bulletin": "unsubscribed"}
    assert 'name="everything"' in left.text or "everything" in left.text


def test_whoever_left_by_a_slip_is_back_with_one_press_and_gets_no_mail_about_it(
    site: TestClient, workspace: Workspace, server: RecordingServer, message: Received
) -> None:
    """T8: as opened by a person from the one-click address, too."""
    site.post(one_click_path(message))
    before = _known(workspace, message.rcpt_to)["consents"]
    shown = site.get(one_click_path(message))
    ((address, value),) = re.findall(
        r'action="([^"]+)">\s*<p>[^<]*</p>\s*<button[^>]* name="undo" value="(\w+)"', shown.text
    )

    back = site.post(address, data={"undo": value})

    assert back.status_code == 200
    assert "Rydych chi’n ôl ar y rhestr" in back.text
    assert _topics_of(workspace, message.rcpt_to) == {"monthly-bulletin": "active"}
    assert len(_known(workspace, message.rcpt_to)["consents"]) == len(before) + 1
    assert len(server.messages) == PEOPLE


def test_everything_that_was_left_comes_back_and_a_reason_goes(
    site: TestClient, workspace: Workspace, message: Received
) -> None:
    _add_topic(workspace, "press", {"en": "Press", "cy": "Y wasg"}, private=False)
    site.post(
        _link(message, "preferences"),
        data={"topic": ["monthly-bulletin", "press"], "language": "cy"},
    )
    page = _link(message, "unsubscribe")
    left = site.post(page, data={"everything": "yes"})
    thanked = site.post(page, data={"reason": "too-often"})
    said = _all_rows(workspace)["leaving_reasons"]

    site.post(page, data={"undo": "everything"})

    assert 'name="undo" value="everything"' in left.text
    assert "Diolch am ddweud wrthym pam." in thanked.text
    assert len(said) == 1
    assert _all_rows(workspace)["leaving_reasons"] == []
    assert _topics_of(workspace, message.rcpt_to) == {
        "monthly-bulletin": "active",
        "press": "active",
    }


def test_preferences_set_language_and_topics(
    site: TestClient, workspace: Workspace, message: Received
) -> None:
    _add_topic(workspace, "press", {"en": "Press", "cy": "Y wasg"}, private=False)
    page = _link(message, "preferences")
    assert "Y wasg" in site.get(page).text

    saved = site.post(page, data={"topic": ["press"], "language": "en"})

    assert saved.status_code == 200
    assert _topics_of(workspace, message.rcpt_to) == {
        "monthly-bulletin": "unsubscribed",
        "press": "active",
    }
    assert _known(workspace, message.rcpt_to)["language"] == "en"


def test_a_private_topic_is_not_shown_to_strangers_and_cannot_be_guessed(
    site: TestClient, workspace: Workspace, message: Received
) -> None:
    """T15."""
    _add_topic(workspace, "board", {"en": "Board papers", "cy": "Papurau'r bwrdd"}, private=True)
    page = _link(message, "preferences")

    shown = site.get(page)
    site.post(page, data={"topic": ["monthly-bulletin", "board"], "language": "cy"})

    assert "Papurau" not in shown.text
    assert _topics_of(workspace, message.rcpt_to) == {"monthly-bulletin": "active"}


def test_an_unsubscribe_token_opens_no_profile(site: TestClient, message: Received) -> None:
    """T2."""
    token = _link(message, "unsubscribe").rsplit("/", 1)[1]

    assert site.get(f"/cy/preferences/{token}").status_code == 404


def test_the_view_is_the_same_for_all_readers_and_names_nobody(
    site: TestClient, server: RecordingServer, message: Received
) -> None:
    view = _link(message, "view")
    other = next(one for one in server.messages if "mererid" in one.rcpt_to)

    page = site.get(view)

    assert _link(other, "view") == view
    assert page.status_code == 200
    assert "sandbox" in page.headers["content-security-policy"]
    assert "angharad" not in page.text.lower()
    assert "danysgrifiwr" in page.text
    token = view.rsplit("/", 1)[1]
    assert set(re.findall(r'href="[^"]+/([\w-]{47})', page.text)) == {token}
    assert {f"{BASE}/cy/my-link", f"{BASE}/cy/archive/monthly-bulletin/{SHORT}"} <= set(
        re.findall(r'href="([^"]+)"', page.text)
    )
    twin = site.get(view.replace("/cy/", "/en/"))
    assert twin.status_code == 200
    assert 'lang="en"' in twin.text


def test_the_pictures_of_the_message_are_served(
    site: TestClient, workspace: Workspace, message: Received
) -> None:
    html = read_multipart(read_part(message.content))[1].body.replace(b"=\r\n", b"")
    pictures = set(re.findall(rb'src=3D"(https://news[^"]+)', html))

    answers = [site.get(urlsplit(picture.decode()).path) for picture in pictures]

    assert len(answers) > 1
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["content-type"] in ("image/png", "image/jpeg")
        assert answer.content.startswith((b"\x89PNG", b"\xff\xd8"))


def test_the_calendar_entries_of_the_message_are_served(
    site: TestClient, workspace: Workspace
) -> None:
    import_edition(workspace, edition_file(workspace, "2026-10"), actor="test")
    approving.approve(workspace, "2026-10", actor="test")
    (entry, *_) = workspace.media_folder.glob("*.ics")

    answer = site.get(f"/media/{entry.name}")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content.startswith(b"BEGIN:VCALENDAR")


def test_the_links_of_somebody_erased_still_answer_and_name_nobody(
    workspace: Workspace, site: TestClient, message: Received
) -> None:
    """T7: an old mail's links, and another edition's totals, outlive the person."""
    before = edition_status(workspace, SHORT).as_json()
    erase(workspace, message.rcpt_to, actor="test")
    pages = [_link(message, "unsubscribe"), _link(message, "preferences")]

    answers = [
        *(site.get(address) for address in pages),
        site.post(pages[0]),
        site.post(one_click_path(message), data={"List-Unsubscribe": "One-Click"}),
        site.post(pages[1], data={"language": "cy", "topic": "monthly-bulletin"}),
    ]

    assert {one.status_code for one in answers} == {200}
    assert all("Nid ydych ar ein rhestr" in one.text for one in (*answers[:3], answers[4]))
    assert not any("@" in one.text for one in answers)
    assert edition_status(workspace, SHORT).as_json() == before


def test_a_link_that_was_never_ours_is_the_neutral_page(site: TestClient) -> None:
    """T7: garbled, foreign, inert: one answer."""
    inert = "A" * 47
    pages = {
        site.get(address).text
        for address in (f"/cy/unsubscribe/{inert}", f"/cy/unsubscribe/{inert[1:]}x")
    }

    assert len(pages) == 1
    assert site.post(f"/u/{inert}").status_code == 404


def test_the_messages_headers_are_what_another_reader_expects(message: Received) -> None:
    """M4, M8, M11, M15 to M23, by a reader that shares no code with the writer."""
    whole = read_part(message.content)
    text, html = read_multipart(whole)

    for name in ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Reply-To"):
        assert len(whole.all(name)) == 1, name
    assert whole.one("To") == message.rcpt_to
    assert decode_words(whole.one("From")).endswith("<bulletin@news.example.org>")
    assert decode_words(whole.one("Subject"))
    assert re.fullmatch(
        r"<https://news\.example\.org/u/[\w-]{47}>,"
        r" <mailto:leave\+[a-z2-7]{47}@news\.example\.org>",
        whole.one("List-Unsubscribe"),
    )
    assert whole.one("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert whole.one("List-ID").endswith("<monthly-bulletin.news.example.org>")
    assert re.fullmatch(r"<[a-z2-7]{47}@news\.example\.org>", whole.one("Message-ID"))
    assert whole.all("Return-Path") == whole.all("Bcc") == []
    assert (text.one("Content-Language"), html.one("Content-Language")) == ("cy", "cy")
    assert text.one("Content-Type").startswith("text/plain")
    assert html.one("Content-Type").startswith("text/html")
    assert re.fullmatch(r"bounces\+[a-z2-7]{47}@news\.example\.org", message.mail_from)
    assert message.content.count(b"\n") == message.content.count(b"\r\n")
    assert max(map(len, message.content.split(b"\r\n"))) <= 998
